// SPDX-License-Identifier: Apache-2.0
// follow - what has become of it: each far side's state and why, and everything people did to it.
import { channel, deliveryMark, moment } from './bits.js';
import { h } from './dom.js';
import { either } from './words.js';

function row(d) {
  return h('tr', {},
    h('th', { scope: 'row' }, channel(d.target), d.block !== undefined && h('small', { w: 'deliveries.block', args: [d.block + 1] })),
    h('td', {}, deliveryMark(d.state)),
    h('td', {}, d.block === undefined ? null : h('div', { w: 'board.reached', args: [d.reached, d.failed] }),
      h('span', { class: d.state === 'delivered' ? 'soft' : 'bad' }, d.state === 'delivered' ? d.proof : d.reason)),
    h('td', { class: 'figure' }, d.attempts), h('td', { class: 'figure' }, moment(d.updated, true)));
}

export function deliveries(b) {
  if (!b.deliveries.length) return null;
  const done = b.deliveries.filter(({ state }) => state === 'delivered').length;
  return h('section', { class: 'deliveries' }, h('h2', { w: 'deliveries.title', args: [done, b.deliveries.length] }),
    h('div', { class: 'wide', tabindex: '0', role: 'group', label: 'deliveries.all' }, h('table', {},
      h('thead', {}, h('tr', {}, ['target', 'state', 'why', 'attempts', 'when'].map((name) => h('th', { scope: 'col', w: `deliveries.${name}` })))),
      h('tbody', {}, b.deliveries.map(row)))));
}

export function history(b) {
  const steps = b.steps.map((one) => ({ time: one.time, who: one.officer, what: h('span', { w: `step.${one.step}` }), why: one.reason }));
  const approvals = b.approvals.map((one) => ({
    time: one.time, who: one.officer, what: [h('span', { w: `step.${one.act}` }), one.voided && h('small', { w: 'step.voided' })], why: '' }));
  const all = [...steps, ...approvals].sort((one, two) => one.time.localeCompare(two.time));
  if (b.released) all.push({ time: b.released, who: b.releaser, what: h('span', { w: 'step.released' }), why: '' });
  return h('section', { class: 'history' }, h('h2', { w: 'history.title' }),
    h('ol', {}, all.map(({ time, who, what, why }) => h('li', {}, h('time', {}, moment(time, true)), ' ', h('strong', {}, what), ' ', who,
      why && h('p', { class: 'soft' }, either(...why.split(' / ')))))));
}
