// SPDX-License-Identifier: Apache-2.0
// board - what waits for whoever sits here, soonest and gravest first, with one button a line; what waits for others, is due,
// in force, going out, has come in.
import { get, house, post, Problem } from './api.js';
import { correct } from './acts.js';
import { ago, channel, deliveryMark, hazard, level, link, moment, places, state, until, worstOf } from './bits.js';
import { ask } from './dialog.js';
import { fill, h, steady } from './dom.js';
import { me, onLanguage } from './frame.js';
import { isGrave, rankOf, weight } from './levels.js';
import { keepFresh } from './live.js';
import { mapSection } from './map.js';
import { handOver, waiting } from './shift.js';
import { ring } from './sound.js';
import { either } from './words.js';

const next = ['release', 'override', 'sign', 'review', 'submit'];
const turns = ['draft', 'review', 'sign', 'release'];
const INCOMING_MOST = 6;
const HEALTH_MS = 3000; // no event tells that a far side has gone

const nextOf = ({ acts }) => next.find((act) => acts.includes(act));

function dueOf(board) {
  const found = new Map();
  for (const one of board.due) if (turns.includes(one.what)) found.set(one.bulletin, one.due);
  return found;
}

// --- a line of each kind -------------------------------------------------------------------------------------------

function mine(bulletin, due) {
  const act = nextOf(bulletin);
  return h('li', { class: 'card', 'data-rank': rankOf(bulletin) },
    h('div', { class: 'what' },
      h('div', { class: 'top' }, level(bulletin), h('span', { class: 'soft' }, hazard(bulletin), ' · ', state(bulletin)),
        due && until(due)),
      h('a', { class: 'headline', href: link(bulletin.id), 'data-key': `head ${bulletin.id}` }, bulletin.headline),
      h('div', { class: 'soft' }, places(bulletin), ' · ', bulletin.source || bulletin.drafter || bulletin.unit)),
    h('a', { class: 'button main', href: link(bulletin.id), role: 'button', w: `next.${act}`, 'data-key': `next ${bulletin.id}` }));
}

function others(bulletin, due) {
  return h('li', {}, level(bulletin), h('a', { href: link(bulletin.id), 'data-key': `head ${bulletin.id}` }, bulletin.headline),
    h('span', { class: 'soft', w: `turn.${bulletin.turn}` }), due && until(due));
}

// What is due ends by one button: a call is answered, a duty said to be done.
const confirm = (one) => post(`/due/${one.bulletin}/confirm`, undefined, { key: crypto.randomUUID() });

function finish(one) {
  const key = crypto.randomUUID();
  return ask({
    title: 'due.done', go: 'due.done', reason: true, reference: one.what === 'after-report',
    says: [h('p', {}, h('strong', {}, one.headline)), h('p', { class: 'soft' }, one.basis), h('p', { w: 'due.done.says' })],
    run: ({ reason, reference }) => post(`/due/${one.id}/done`, { note: reason, ...(reference && { reference }) }, { key }),
  });
}

// Each line has one button: what ends it where the caller can end it here, else the page where it is dealt with.
function dueButton(one, mine, act) {
  const [w, run] = one.unit !== me().unit ? [] : one.what === 'unanswered' ? ['due.confirm', confirm] : one.id.startsWith('d') ? ['due.done', finish] : [];
  if (w) return h('button', { type: 'button', w, 'data-key': `${w} ${one.id}`, onclick: () => act(() => run(one)) });
  if (!one.bulletin) return null;
  const next = mine.get(one.bulletin);
  return h('a', { class: 'button', role: 'button', href: link(one.bulletin), w: turns.includes(one.what) && next ? `next.${next}` : 'due.look', 'data-key': `look ${one.id} ${one.what}` });
}

const dueWord = ({ what }) => (turns.includes(what) ? `turn.${what}` : `due.${what}`);

const dueLine = (mine, act) => (one) => h('li', {}, h('strong', { w: dueWord(one) }),
  one.bulletin ? h('a', { href: link(one.bulletin), 'data-key': `due ${one.id} ${one.what}` }, one.headline) : h('span', { class: 'grow' }, one.headline),
  until(one.due), dueButton(one, mine, act));

const force = (act) => (bulletin) => h('li', {},
  level(bulletin), h('a', { href: link(bulletin.id), 'data-key': `force ${bulletin.id}` }, bulletin.headline),
  h('span', { class: 'soft' }, places(bulletin)), bulletin.expires && until(bulletin.expires),
  bulletin.acts.includes('correct') && h('button', { type: 'button', w: 'act.correct', 'data-key': `correct ${bulletin.id}`,
    onclick: () => act(() => correct(bulletin)) }));

function target({ target: name, states, reached, failed, reason }) {
  const word = worstOf(states);
  return h('li', { title: reason || null }, channel(name), deliveryMark(word),
    reached + failed > 0 && h('small', { w: 'board.reached', args: [reached, failed] }));
}

function out(bulletin) {
  return h('li', { class: 'out' },
    h('div', { class: 'top' }, level(bulletin), h('a', { href: link(bulletin.id), 'data-key': `out ${bulletin.id}` }, bulletin.headline),
      h('span', { class: 'soft' }, moment(bulletin.released))),
    h('ul', { class: 'targets' }, bulletin.deliveries.map(target)));
}

// Who brought it, how long ago, what it became.
const sourceOf = (one) => (one.way === 'api' ? one.name : one.way);
const became = (one) => /\b(b\d+)$/.exec(one.outcome)?.[1];

const incoming = (known) => (one) => {
  const refused = one.outcome.startsWith('refused');
  const id = became(one);
  const bulletin = known.get(id);
  return h('li', {}, h('span', { class: 'soft', title: one.at }, moment(one.at), ' ', ago(one.at)),
    h('span', {}, sourceOf(one)), bulletin && level(bulletin),
    h('span', { class: refused ? 'bad' : 'soft', w: refused ? 'intake.refused' : 'intake.taken' }),
    id && h('a', { class: 'clip', href: link(id), 'data-key': `in ${one.id}` }, bulletin ? bulletin.headline : id), refused && h('span', { class: 'soft clip' }, either(...one.problem.split(' / '))));
};

const inOrder = {
  age: () => 0,
  source: (a, b) => sourceOf(a).localeCompare(sourceOf(b)),
  level: (a, b, known) => (known.has(became(b)) ? weight(known.get(became(b))) : -1) - (known.has(became(a)) ? weight(known.get(became(a))) : -1),
};

// --- how each far side does ------------------------------------------------------------------------------------------

function health(one) {
  return h('li', { 'data-health': one.health }, h('strong', {}, channel(one.target)), h('span', { class: `health ${one.health}`, w: `health.${one.health}` }),
    one.waiting + one.sending > 0 && h('small', { w: 'health.waiting', args: [one.waiting + one.sending] }),
    one.unknown > 0 && h('small', { class: 'bad', w: 'health.unknown', args: [one.unknown] }));
}

// --- the page ------------------------------------------------------------------------------------------------------

function section(name) {
  const list = h('ul', {});
  const count = h('span', { class: 'count' });
  const place = h('section', { class: `list ${name}`, 'aria-labelledby': `h-${name}` },
    h('h2', { id: `h-${name}` }, h('span', { w: `board.${name}` }), ' ', count), list);
  const put = steady(place, (lines) => {
    count.textContent = lines.length;
    fill(list, lines.length ? lines : h('li', { class: 'empty', w: `board.${name}.empty` }));
  });
  place.append(h('button', { type: 'button', class: 'fresh', w: 'board.fresh', onclick: put.now }));
  return { place, put };
}

// Something waits here that did not before: heard once, however often the page looks.
function watcher() {
  let known = null;
  return (list) => {
    const keys = list.map((bulletin) => `${bulletin.id} ${nextOf(bulletin)}`);
    const fresh = known ? list.filter((_, n) => !known.has(keys[n])) : [];
    known = new Set(keys);
    if (fresh.length) ring(fresh.some(isGrave));
  };
}

export function show(main) {
  const names = ['mine', 'others', 'due', 'active', 'outgoing', 'incoming', 'channels'];
  const sections = Object.fromEntries(names.map((name) => [name, section(name)]));
  const map = mapSection();
  const trouble = h('p', { class: 'said', role: 'alert' });
  const alarm = h('p', { class: 'said alarm', role: 'alert' });
  const listen = watcher();
  let last = null;
  let channels = [];
  const order = h('select', { class: 'order', label: 'intake.order', onchange: () => { draw(); sections.incoming.put.now(); } },
    Object.keys(inOrder).map((name) => h('option', { value: name, w: `intake.by.${name}` })));
  sections.incoming.place.querySelector('h2').append(order);

  fill(main, h('h1', { class: 'only-read', w: 'board.title' }), alarm, trouble,
    h('div', { class: 'board' },
      h('div', {}, ['mine', 'others', 'incoming'].map((name) => sections[name].place), map.place),
      h('div', {}, ['due', 'active', 'outgoing', 'channels'].map((name) => sections[name].place))));

  function draw() {
    if (!last) return;
    const { board, intake, page } = last;
    const due = dueOf(board);
    const when = (bulletin) => due.get(bulletin.id) ?? bulletin.since;
    const forMe = board.waiting.filter(nextOf).sort((a, b) => weight(b) - weight(a) || when(a).localeCompare(when(b)));
    listen(forMe);
    // A hand-over waits behind red and orange.
    const cards = forMe.map((one) => mine(one, due.get(one.id)));
    if (page) cards.splice(forMe.filter(isGrave).length, 0, handOver(page));
    sections.mine.put(cards);
    sections.others.put(board.waiting.filter((one) => !nextOf(one)).map((one) => others(one, due.get(one.id))));
    sections.due.put(board.due.map(dueLine(new Map(forMe.map((one) => [one.id, nextOf(one)])), act)));
    sections.active.put([...board.active].sort((a, b) => weight(b) - weight(a)).map(force(act)));
    map.put(board.active);
    sections.outgoing.put(board.outgoing.map(out));
    const known = new Map([...board.outgoing, ...board.active, ...board.waiting].map((one) => [one.id, one]));
    const newest = intake.slice(0, INCOMING_MOST * 4).sort((a, b) => inOrder[order.value](a, b, known));
    sections.incoming.put(newest.slice(0, INCOMING_MOST).map(incoming(known)));
    sections.channels.put(channels.map(health));
  }

  async function load() {
    try {
      const [board, { intake }, page] = await Promise.all([get('/board', { unattended: true }), get('/intake', { unattended: true }), waiting()]);
      last = { board, intake, page };
      trouble.textContent = '';
      draw();
    } catch (problem) {
      if (problem.passing) fresh.later();
      else if (problem.status !== 401) trouble.textContent = problem.words;
    }
  }

  // What ails the house itself: whoever finds out by pressing a button finds out too late.
  let ails = '';
  async function lookAtHouse() {
    const { status, signer_policy_detail_zh: zh, signer_policy_detail: en } = await house();
    const now = JSON.stringify([status, zh, en]);
    if (now === ails) return;
    ails = now;
    fill(alarm, status !== 'ok' && h('strong', { w: `alarm.${status}` }), en && h('span', {}, ' ', either(zh, en)));
  }

  // Far sides come and go without an event; drawn again only when something is different.
  async function look() {
    try {
      await lookAtHouse();
      const found = (await get('/channels', { unattended: true })).channels;
      if (JSON.stringify(found) === JSON.stringify(channels)) return;
      channels = found;
      if (last) sections.channels.put(channels.map(health));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem; // the line above says that nobody is there
    }
  }

  async function act(run) {
    try {
      trouble.textContent = '';
      await run();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      trouble.textContent = problem.words;
    }
    await load();
    for (const name of ['due', 'active']) sections[name].put.now();
  }

  const fresh = keepFresh(load);
  const timer = setInterval(look, HEALTH_MS);
  const leave = [fresh.end, onLanguage(draw), () => clearInterval(timer)];
  load();
  look();
  return () => leave.forEach((end) => end());
}
