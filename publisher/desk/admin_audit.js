// SPDX-License-Identifier: Apache-2.0
// admin_audit - the audit chain searched, and whether it is whole; and what two auditors let be destroyed. Whether the chain is
// whole the server says of itself here: `tocsin audit verify` checks it against the heads kept outside.
import { get, Problem } from './api.js';
import { propose } from './change_text.js';
import { fill, h } from './dom.js';
import { onLanguage } from './frame.js';
import { beijing } from './live.js';
import { field, section, table } from './tables.js';
import { either } from './words.js';

const PAGE = 200;
const when = (ms) => beijing(ms).slice(0, 19).replace('T', ' ');

function found(records) {
  if (!records.length) return h('p', { class: 'soft', w: 'audit.none' });
  const line = (one) => [one.seq, when(one.at), either(one.what_zh, one.what), one.ref || '—', h('code', { class: 'digest' }, one.body), h('code', {}, one.hash.slice(0, 12))];
  return [h('p', { class: 'soft', w: records.length === PAGE ? 'audit.first' : 'audit.count', args: [records.length] }),
    table('audit.records', ['audit.seq', 'deliveries.when', 'audit.what', 'audit.ref', 'audit.body', 'audit.hash'], records.map(line))];
}

function search() {
  const input = (id, type = 'text') => h('input', { id, type, autocomplete: 'off', spellcheck: 'false' });
  const [what, ref, since, until] = [input('audit-what'), input('audit-ref'), input('audit-since', 'date'), input('audit-until', 'date')];
  const said = h('p', { class: 'said', role: 'alert' });
  const place = h('div', { class: 'stack', role: 'status' });

  async function go(event) {
    event?.preventDefault();
    fill(said);
    const wish = Object.entries({ what: what.value.trim(), ref: ref.value.trim(), since: since.value, until: until.value }).filter(([, value]) => value);
    try {
      const { records } = await get(`/audit?${new URLSearchParams([...wish, ['limit', String(PAGE)], ['newest', '1']])}`);
      fill(place, found(records));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      said.textContent = problem.words;
    }
  }
  go();
  return { go, node: section('audit.search', h('form', { class: 'filters', novalidate: true, onsubmit: go }, field('audit-what', 'audit.what', what), field('audit-ref', 'audit.ref', ref),
    field('audit-since', 'audit.since', since), field('audit-until', 'audit.until', until), h('button', { class: 'main', w: 'rights.answer' })), said, place) };
}

function whole() {
  const said = h('p', { role: 'status' });

  async function go() {
    fill(said, h('span', { w: 'dialog.working' }));
    try {
      const { records, head } = await get('/audit/verify');
      fill(said, h('span', { class: 'yes', w: 'audit.whole', args: [records] }), ' ', h('code', { class: 'digest' }, head));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      fill(said, h('span', { class: 'bad' }, `✕ ${problem.words}`));
    }
  }
  return section('audit.chain', h('p', { class: 'soft', w: 'audit.chain.says' }), h('button', { type: 'button', w: 'audit.verify', onclick: go }), said);
}

function purge() {
  const [before, confirmed] = ['purge-before', 'purge-confirmed'].map((id) => h('input', { id, type: 'date', required: true }));
  const said = h('p', { class: 'said', role: 'alert' });

  async function run(event) {
    event.preventDefault();
    try {
      location.hash = `#/admin/change/${(await propose('purge', `before ${before.value}\nconfirmations-before ${confirmed.value}\n`)).id}`;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      said.textContent = problem.words;
    }
  }
  return section('purge.title', h('p', { class: 'soft', w: 'purge.says' }), h('form', { class: 'filters', novalidate: true, onsubmit: run }, field('purge-before', 'purge.before', before),
    field('purge-confirmed', 'purge.confirmed', confirmed), h('button', { class: 'main', w: 'purge.go' })), said);
}

export function show(place) {
  const { go, node } = search();
  fill(place, node, whole(), purge());
  return onLanguage(() => go());
}
