// SPDX-License-Identifier: Apache-2.0
// follow - what has become of it: each far side's state and why, how far a bulk one has got and how long it still takes, who
// was called and whether they answered, and everything that happened to it, in the order of time.
import { post } from './api.js';
import { channel, deliveryMark, length, moment, worstOf } from './bits.js';
import { ask } from './dialog.js';
import { h } from './dom.js';
import { me } from './frame.js';
import { now } from './live.js';
import { either, t } from './words.js';
import { words as ours } from './words_follow.js';

const BLOCKS_MOST = 10; // of one far side, told one by one
const RATE_MS = 60000; // the rate is that of the last minute seen here

// One far side's rows: a bulk one has a row for each block of recipients.
function byTarget(rows) {
  const found = new Map();
  for (const one of rows) found.set(one.target, [...(found.get(one.target) ?? []), one]);
  return [...found].map(([target, list]) => {
    const states = {};
    for (const { state } of list) states[state] = (states[state] ?? 0) + 1;
    const sum = (name) => list.reduce((all, one) => all + (one[name] ?? 0), 0);
    return { target, list, state: worstOf(states), bulk: list[0].block !== undefined, reached: sum('reached'), failed: sum('failed'),
      attempts: Math.max(...list.map(({ attempts }) => attempts)), updated: list.map(({ updated }) => updated).sort().pop(),
      done: list.every(({ state }) => state === 'delivered') };
  });
}

export const isUnderWay = (b) => b.deliveries.some(({ state }) => state === 'waiting' || state === 'sending');

// --- how far, how fast, how long --------------------------------------------------------------------------------------

const seen = new Map(); // "b12 sms" -> [[ms, recipients done]]

function rateOf(key, done) {
  const at = now().getTime();
  const samples = (seen.get(key) ?? []).filter(([then]) => at - then < RATE_MS);
  if (!samples.length || samples.at(-1)[1] !== done || at - samples.at(-1)[0] > 5000) samples.push([at, done]);
  seen.set(key, samples);
  const [then, before] = samples[0];
  return at - then >= 2000 ? ((done - before) * 60000) / (at - then) : 0;
}

function progress(b, { target, reached, failed, state }) {
  const total = b.texts.find((text) => text.target === target)?.recipients;
  const done = reached + failed;
  const open = state === 'waiting' || state === 'sending';
  const rate = open && !pausedOf(b, { target }) ? rateOf(`${b.id} ${target}`, done) : 0;
  return h('div', { class: 'progress' },
    total > 0 && h('progress', { max: String(total), value: String(done), label: 'deliveries.progress', args: [done, total] }),
    h('span', { w: 'board.reached', args: [reached, failed] }),
    total > 0 && h('span', { class: 'soft', w: 'deliveries.of', args: [total] }),
    rate > 0 && h('span', { class: 'soft', w: 'deliveries.rate', args: [Math.round(rate), length(((total - done) / rate) * 60000)] }));
}

// What phones confirmed, which comes later than the gateway's word and may never come.
const REPORTS = ['delivered', 'failed', 'rejected', 'buffered', 'accepted'];
const reportsOf = (b, { target }) => b.progress?.find((far) => far.target === target)?.reports;

function reports(b, one) {
  const counts = reportsOf(b, one);
  if (!counts) return null;
  return h('div', { class: 'reports' }, h('span', { w: 'reports.title' }), REPORTS.filter((word, i) => counts[word] || !i)
    .map((word) => [' ', h('span', { class: ['failed', 'rejected'].includes(word) ? 'bad' : 'soft', w: `reports.${word}`, args: [counts[word]] })]));
}

// --- what an officer may say about one ----------------------------------------------------------------------------------

const isMine = (b) => me().duties.includes('publish') && [b.unit, b.handler].includes(me().unit);

function settle(one, came) {
  const key = crypto.randomUUID();
  return ask({
    title: came ? 'deliveries.came' : 'deliveries.lost', go: came ? 'deliveries.came' : 'deliveries.lost', reason: true,
    says: [h('p', {}, h('strong', {}, channel(one.target))), h('p', { w: came ? 'deliveries.came.says' : 'deliveries.lost.says' })],
    run: ({ reason }) => post(`/deliveries/${one.id}/settle`, { came, reason }, { key }),
  });
}

const retry = (one) => post(`/deliveries/${one.id}/retry`, undefined, { key: crypto.randomUUID() });

function buttons(b, one, act) {
  if (!isMine(b)) return null;
  const button = (w, run) => h('button', { type: 'button', class: 'small', w, 'data-key': `${w} ${one.id}`, onclick: () => act(() => run(one)) });
  if (one.state === 'unknown') return [button('deliveries.came', (d) => settle(d, true)), button('deliveries.lost', (d) => settle(d, false))];
  return one.state === 'waiting' && one.attempts > 0 ? button('deliveries.retry', retry) : null;
}

// --- held back, and let go again --------------------------------------------------------------------------------------------

const pausedOf = (b, { target }) => b.progress?.find((far) => far.target === target)?.paused;

function pause(b, { target }) {
  const key = crypto.randomUUID();
  return ask({
    title: 'deliveries.pause', go: 'deliveries.pause', reason: true,
    says: [h('p', {}, h('strong', {}, channel(target))), h('p', { w: 'deliveries.pause.says' })],
    run: ({ reason }) => post(`/bulletins/${b.id}/targets/${target}/pause`, { reason }, { key }),
  });
}

const resume = (b, { target }) => post(`/bulletins/${b.id}/targets/${target}/resume`, undefined, { key: crypto.randomUUID() });

const mayPause = (b, one) => !['red', 'I'].includes(b.level) && !['cancel', 'correct'].includes(b.verb) &&
  one.list.some(({ state }) => state === 'waiting' || (one.bulk && state === 'sending'));

function holding(b, one, act) {
  const paused = pausedOf(b, one);
  const button = (w, run) => isMine(b) && h('div', { class: 'row' },
    h('button', { type: 'button', class: 'small', w, 'data-key': `${w} ${one.target}`, onclick: () => act(() => run(b, one)) }));
  if (!paused) return mayPause(b, one) && button('deliveries.pause', pause);
  return [h('div', { class: 'paused' }, h('strong', { w: 'deliveries.paused' }), ' ', paused.by, ' ', moment(paused.since, true), ' ', paused.reason),
    button('deliveries.resume', resume)];
}

// --- far side by far side -----------------------------------------------------------------------------------------------

// Our own reasons in plain words, the far side's as it gave them.
const reasonOf = ({ reason }) => (reason && `reason.${reason}` in ours ? t(`reason.${reason}`) : reason);
// What a channel of ours says for proof, in words; a platform's answer as it came.
const proofs = [[/^shown in generation (\d+)(.*)$/, 'proof.shown'], [/^(\d+) of (\d+) recipients$/, 'proof.recipients'], [/^PUBACK mid=(\d+), (\d+) messages$/, 'proof.puback']];

function proofOf({ proof }) {
  for (const [form, w] of proofs) {
    const found = form.exec(proof ?? '');
    if (found) return t(w, ...found.slice(1));
  }
  return proof;
}

const why = (d) => h('span', { class: d.state === 'delivered' ? 'soft' : 'bad' }, d.state === 'delivered' ? proofOf(d) : reasonOf(d));

function row(d, { name, what, acts }) {
  return h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, deliveryMark(d.state)), h('td', {}, what, acts && h('div', { class: 'row' }, acts)),
    h('td', { class: 'figure' }, d.attempts), h('td', { class: 'figure' }, moment(d.updated, true)));
}

const blockName = (d) => [channel(d.target), h('small', { w: 'deliveries.block', args: [d.block + 1] })];

// Of a bulk one, the whole first; then the blocks that are not simply done.
function rows(b, one, act) {
  const [first] = one.list;
  if (!one.bulk) return row(first, { name: channel(one.target), what: [why(first), holding(b, one, act)], acts: buttons(b, first, act) });
  const single = one.list.length === 1;
  const odd = single ? [] : one.list.filter(({ state, reason }) => state !== 'delivered' && (state !== 'waiting' || reason));
  return [
    row(one, { name: channel(one.target), what: [progress(b, one), reports(b, one), single && why(first), holding(b, one, act)], acts: single && buttons(b, first, act) }),
    odd.slice(0, BLOCKS_MOST).map((d) => row(d, { name: blockName(d), what: [h('div', { w: 'board.reached', args: [d.reached, d.failed] }), why(d)], acts: buttons(b, d, act) })),
    odd.length > BLOCKS_MOST && h('tr', {}, h('td', { colspan: '5', class: 'soft', w: 'deliveries.more', args: [odd.length - BLOCKS_MOST] }))];
}

// act(run): does it, says what came of it, looks again.
export function deliveries(b, act) {
  if (!b.deliveries.length) return null;
  const all = byTarget(b.deliveries);
  return h('section', { class: 'deliveries' },
    h('h2', { w: 'deliveries.title', args: [all.filter(({ done }) => done).length, all.length] }),
    h('div', { class: 'wide', tabindex: '0', role: 'group', label: 'deliveries.all' }, h('table', {},
      h('thead', {}, h('tr', {}, ['target', 'state', 'why', 'attempts', 'when'].map((name) => h('th', { scope: 'col', w: `deliveries.${name}` })))),
      h('tbody', {}, all.map((one) => rows(b, one, act))))));
}

// --- 叫应 -----------------------------------------------------------------------------------------------------------------

function answered(call) {
  if (call.confirmed) return [h('span', { class: 'good', w: 'calls.answered' }), ` ${call.confirmed_by} ${moment(call.confirmed, true)}`];
  return call.rung ? h('span', { class: 'bad', w: 'calls.unanswered' }) : null;
}

export function calls(b) {
  if (!b.calls?.length) return null;
  return h('section', { class: 'calls' }, h('h2', { w: 'calls.title' }), h('ul', {}, b.calls.map((call) => h('li', {},
    h('strong', { w: `turn.${call.step}` }), ' ', call.rung > 0 && [h('span', { w: `calls.rung.${call.rung}` }), ` ${moment(call.called, true)} `,
      h('span', { class: 'soft', w: call.arrived ? 'calls.arrived' : 'calls.not-arrived' }), ' '], answered(call)))));
}

// --- in the order of time --------------------------------------------------------------------------------------------------

// Without the place in the message, which the page marks in the words themselves.
const reasonsOf = ({ reason }) => reason.replace(/^\/alert\S* \(character \d+\): /, '').split(' / ');

// [{ time, what: a key of words.js, who, why: [zh, en], more: a key }], oldest first
function timeline(b) {
  const called = b.calls ?? [];
  // Of one second: in the order in which such things follow each other.
  return [{ time: b.created, what: 'step.created', who: b.drafter || b.source, why: [] },
    ...b.steps.map((one) => ({ time: one.time, what: `step.${one.step}`, who: one.officer, why: reasonsOf(one) })),
    ...called.filter(({ rung }) => rung).map((one) => ({ time: one.called, what: 'step.called', who: '', why: [], more: `turn.${one.step}` })),
    ...called.filter(({ confirmed }) => confirmed).map((one) => ({ time: one.confirmed, what: 'step.answered', who: one.confirmed_by, why: [] })),
    ...b.approvals.map((one) => ({ time: one.time, what: `step.${one.act}`, who: one.officer, why: [], more: one.voided ? 'step.voided' : null })),
    { time: b.released, what: 'step.released', who: b.releaser, why: [] },
    ...(b.pauses ?? []).map((one) => ({ time: one.time, what: `step.${one.what}`, who: one.officer, why: one.reason ? [one.reason] : [], more: `channel.${one.target}` })),
    ...byTarget(b.deliveries).filter(({ state }) => state !== 'waiting').map((one) => ({
      time: one.updated, what: `channel.${one.target}`, who: '', why: one.list.length === 1 ? [proofOf(one.list[0]) || reasonOf(one.list[0])] : [], more: `delivery.${one.state}` })),
  ].filter(({ time }) => time).sort((one, two) => one.time.localeCompare(two.time));
}

export function history(b) {
  return h('section', { class: 'history' }, h('h2', { w: 'history.title' }),
    h('ol', {}, timeline(b).map(({ time, what, who, why: reasons, more }) => h('li', {}, h('time', {}, moment(time, true)), ' ', h('strong', { w: what }), ' ',
      more && h('small', { w: more }), ' ', who, reasons[0] && h('p', { class: 'soft' }, either(...reasons))))));
}

// --- on paper and away ------------------------------------------------------------------------------------------------------

// A cell that a spreadsheet would take for a formula is none; it reads full-width signs as the plain ones.
const cell = (value) => `"${String(value ?? '').replace(/^[=+\-@\t\r＝＋－＠]/, "'$&").replaceAll('"', '""')}"`;
const line = (cells) => `${cells.map(cell).join(',')}\r\n`;

function csv(b) {
  const targets = b.deliveries.map((d) => [t(`channel.${d.target}`), d.block === undefined ? '' : d.block + 1, t(`delivery.${d.state}`), d.state === 'delivered' ? proofOf(d) : reasonOf(d),
    d.reached, d.failed, d.attempts, d.updated]);
  const head = ['deliveries.target', 'export.block', 'deliveries.state', 'deliveries.why', 'export.reached', 'export.failed', 'deliveries.attempts', 'deliveries.when'];
  return [[t('fact.number'), b.identifier, b.headline], [], head.map((w) => t(w)), ...targets, [], [t('deliveries.when'), t('history.title'), '', ''],
    ...timeline(b).map(({ time, what, who, why: reasons, more }) => [time, t(what) + (more ? ` ${t(more)}` : ''), who, reasons[0] ? either(...reasons) : ''])].map(line).join('');
}

// Kept by the browser as a file; a spreadsheet knows by the mark in front that it is UTF-8.
function save(name, type, text) {
  const address = URL.createObjectURL(new Blob(['\ufeff', text], { type }));
  h('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 0);
}

export const paper = (b) => h('div', { class: 'row paper' },
  h('button', { type: 'button', class: 'small', w: 'export.print', onclick: () => print() }),
  h('button', { type: 'button', class: 'small', w: 'export.csv', onclick: () => save(`${b.identifier || b.id}.csv`, 'text/csv', csv(b)) }));
