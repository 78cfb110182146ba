// SPDX-License-Identifier: Apache-2.0
// admin_recipients - the directories of recipients, by counts: which one is in force, which were imported and wait for two
// administrators. No number and no name comes here.
import { get, Problem } from './api.js';
import { moment } from './bits.js';
import { propose } from './change_text.js';
import { fill, h } from './dom.js';
import { section, table } from './tables.js';
import { uploading } from './upload.js';
import { watched } from './watched.js';

const marks = { current: 'yes', ready: null, past: 'soft' };
const wanted = ({ what }) => /^(change-|recipients|directory)/.test(what);

function proposing(one, said) {
  const button = h('button', { type: 'button', 'data-key': `propose ${one.generation}`, w: 'recipients.propose', onclick: run });

  async function run() {
    button.disabled = true;
    fill(said, h('span', { w: 'dialog.working' }));
    try {
      location.hash = `#/admin/change/${(await propose('recipients', one.document)).id}`;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      said.textContent = problem.words;
      button.disabled = false;
    }
  }
  return button;
}

function list(body, { directories }) {
  const said = h('p', { class: 'said', role: 'alert' });
  const line = (one) => [one.generation, h('span', { class: marks[one.state], w: `recipients.${one.state}` }), one.people, `+${one.added} −${one.gone} ±${one.changed}`, one.lines, one.faults, one.repeated,
    one.withheld, moment(one.imported), moment(one.in_force), one.document ? proposing(one, said) : '—'];
  fill(body, section('admin.recipients', h('p', { class: 'soft', w: 'recipients.says' }), said, directories.length === 0 ? h('p', { class: 'soft', w: 'recipients.none' })
    : table('admin.recipients', ['recipients.number', 'deliveries.state', 'recipients.people', 'recipients.beside', 'recipients.lines', 'recipients.faults', 'recipients.repeated', 'recipients.withheld',
      'recipients.imported', 'recipients.since', 'account.acts'], directories.map(line), { number: [2, 3, 4, 5, 6, 7] })));
}

export function show(place) {
  const rest = h('div', {});
  let again = () => {};
  fill(place, h('div', { class: 'stack' }, rest, uploading(() => again())));
  return watched(rest, () => get('/recipients'), (body, found, look) => {
    again = look;
    list(body, found);
  }, wanted);
}
