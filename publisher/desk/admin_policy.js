// SPDX-License-Identifier: Apache-2.0
// admin_policy - the policy's document, changed: written over the one in force, compared with it here, and proposed. What is
// typed is kept in this tab, with the version it was typed over.
import { get, Problem } from './api.js';
import { diffOf } from './admin_changes.js';
import { differences, propose } from './change_text.js';
import { fill, h } from './dom.js';
import { me } from './frame.js';
import { field, section } from './tables.js';
import { t } from './words.js';

const rows = {
  units: '{id: , name: , code: "", division: "", superior: }', officers: '{id: , name: , unit: , duties: [draft], keys: [""]}',
  grants: '{unit: , role: handle, acts: [publish, update, cancel], kinds: [warning], hazards: [""], levels: [red, orange, yellow, blue], areas: [""], channels: ["*"], from: , until: , basis: }',
  forbids: '{unless_unit: , hazards: [""], basis: }', signoff: '{levels: [], reviews: 1, signs: 1, basis: }', roster: '{unit: , officer: , steps: [review], phone: "", deputy: , deputy_phone: ""}',
  relays: '{source: , unit: , hazards: [""], areas: [""], auto: [], basis: }', duties: '{what: report, within: PT2H, to: , basis: }', tests: '{name: , permit: true, request: {}}',
};

// Behind the section's last row; a section that is not there yet is begun at the end. at: where the row itself begins.
export function addRow(text, name) {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.startsWith(`${name}:`));
  if (from < 0) return { text: `${text.replace(/\n*$/, '\n')}${name}:\n  - ${rows[name]}\n`, at: text.replace(/\n*$/, '\n').length + name.length + 6 };
  let to = from + 1;
  while (to < lines.length && !/^[A-Za-z_]/.test(lines[to])) to++;
  while (to > from + 1 && /^\s*(#.*)?$/.test(lines[to - 1])) to--;
  const indent = /^\s*(?=- )/.exec(lines.slice(from + 1, to).find((line) => /^\s*- /.test(line)) ?? '  - ')[0];
  lines.splice(to, 0, `${indent}- ${rows[name]}`);
  return { text: lines.join('\n'), at: lines.slice(0, to).join('\n').length + indent.length + 3 };
}

const kept = () => `tocsin-policy ${me().officer}`;

export function show(place) {
  const text = h('textarea', { id: 'document', class: 'doc', rows: '24', spellcheck: 'false', autocapitalize: 'none', oninput: keep });
  const find = h('input', { id: 'find', autocomplete: 'off', onkeydown: (event) => { if (event.key === 'Enter') seek(event); } });
  const name = h('select', { id: 'row-kind' }, Object.keys(rows).map((one) => h('option', { value: one, w: `policy.${one}` })));
  const said = h('p', { class: 'said', role: 'alert' });
  const difference = h('div', { class: 'stack', role: 'status' });
  const go = h('button', { type: 'button', class: 'main', w: 'policy.propose', onclick: run });
  let policy = null;
  let gone = false;

  function keep() {
    sessionStorage.setItem(kept(), JSON.stringify({ version: policy.version, text: text.value }));
    fill(difference);
  }

  function select(at, end) {
    text.focus();
    text.setSelectionRange(at, end);
    text.scrollTop = Math.max(0, (text.value.slice(0, at).split('\n').length - 6) * parseFloat(getComputedStyle(text).lineHeight));
  }

  function seek(event) {
    event.preventDefault();
    const word = find.value;
    const from = text.value.indexOf(word, text.selectionEnd);
    const at = from < 0 ? text.value.indexOf(word) : from;
    if (!word || at < 0) return fill(said, h('span', { w: 'policy.find.none' }));
    fill(said);
    return select(at, at + word.length);
  }

  function add() {
    const made = addRow(text.value, name.value);
    text.value = made.text;
    keep();
    select(made.at, made.text.indexOf('\n', made.at) < 0 ? made.text.length : made.text.indexOf('\n', made.at));
  }

  const compare = () => fill(difference, section('change.diff', h('p', { class: 'soft', w: 'policy.compared' }), diffOf(differences(policy.text, text.value))));

  function restore() {
    sessionStorage.removeItem(kept());
    text.value = policy.text;
    fill(difference);
    fill(said);
  }

  async function run() {
    if (text.value === policy.text) return fill(said, h('span', { w: 'change.same' }));
    go.disabled = true;
    said.textContent = t('dialog.working');
    try {
      const made = await propose('policy', text.value);
      sessionStorage.removeItem(kept());
      location.hash = `#/admin/change/${made.id}`;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      said.textContent = problem.words;
      go.disabled = false;
    }
    return null;
  }

  async function begin() {
    try {
      policy = await get('/policy');
      if (gone) return;
      text.value = policy.text;
      const mine = JSON.parse(sessionStorage.getItem(kept()) ?? 'null');
      if (mine && mine.text !== policy.text) {
        text.value = mine.text;
        fill(said, h('span', { w: mine.version === policy.version ? 'policy.kept' : 'policy.kept-old' }));
      }
      fill(place, section('admin.policy', h('p', { class: 'soft', w: 'policy.says' }),
        h('div', { class: 'filters' }, field('find', 'policy.find', find), h('button', { type: 'button', w: 'policy.find.next', onclick: seek }),
          field('row-kind', 'policy.row', name), h('button', { type: 'button', w: 'policy.add', onclick: add })),
        field('document', 'policy.document', text), said,
        h('div', { class: 'row' }, go, h('button', { type: 'button', w: 'policy.compare', onclick: compare }), h('button', { type: 'button', class: 'quiet', w: 'policy.restore', onclick: restore }))), difference);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (!gone) fill(place, h('p', { class: 'said', role: 'alert' }, problem.words));
    }
  }

  begin();
  return () => { gone = true; };
}
