// SPDX-License-Identifier: Apache-2.0
// board - what waits for whoever sits here, soonest and gravest first, with one button a line; what waits for others, is due,
// in force, going out, has come in.
import { get, post, Problem } from './api.js';
import { channel, deliveryMark, hazard, level, link, moment, places, rankOf, state, until, weight, worstOf } from './bits.js';
import { correct } from './acts.js';
import { ask } from './dialog.js';
import { fill, h, steady } from './dom.js';
import { me, onLanguage } from './frame.js';
import { keepFresh } from './live.js';
import { mapSection } from './map.js';
import { ring } from './sound.js';

const next = ['release', 'override', 'sign', 'review', 'submit'];
const turns = ['draft', 'review', 'sign', 'release'];
const INCOMING_MOST = 6;

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

function dueButton(one, act) {
  if (one.unit !== me().unit) return null;
  const [w, run] = one.what === 'unanswered' ? ['due.confirm', confirm] : one.id.startsWith('d') ? ['due.done', finish] : [];
  return w && h('button', { type: 'button', w, 'data-key': `${w} ${one.id}`, onclick: () => act(() => run(one)) });
}

const dueLine = (act) => (one) => h('li', {}, h('strong', { w: `due.${one.what}` }),
  h('a', { href: link(one.bulletin), 'data-key': `due ${one.id} ${one.what}` }, one.headline), until(one.due), dueButton(one, act));

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

function incoming(one) {
  const refused = one.outcome.startsWith('refused');
  const id = /\b(b\d+)$/.exec(one.outcome)?.[1];
  return h('li', {}, h('span', { class: 'soft' }, moment(one.at)), h('span', {}, one.way === 'api' ? one.name : one.way),
    h('span', { class: refused ? 'bad' : 'soft', w: refused ? 'intake.refused' : 'intake.taken' }),
    id && h('a', { href: link(id), 'data-key': `in ${one.id}` }, id), refused && h('span', { class: 'soft clip' }, one.problem));
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
    if (fresh.length) ring(fresh.some((bulletin) => weight(bulletin) >= 3));
  };
}

export function show(main) {
  const names = ['mine', 'others', 'due', 'active', 'outgoing', 'incoming'];
  const sections = Object.fromEntries(names.map((name) => [name, section(name)]));
  const map = mapSection();
  const trouble = h('p', { class: 'said', role: 'alert' });
  const listen = watcher();
  let last = null;

  fill(main, h('h1', { class: 'only-read', w: 'board.title' }), trouble,
    h('div', { class: 'board' },
      h('div', {}, ['mine', 'others', 'incoming'].map((name) => sections[name].place), map.place),
      h('div', {}, ['due', 'active', 'outgoing'].map((name) => sections[name].place))));

  function draw() {
    if (!last) return;
    const { board, intake } = last;
    const due = dueOf(board);
    const when = (bulletin) => due.get(bulletin.id) ?? bulletin.since;
    const forMe = board.waiting.filter(nextOf).sort((a, b) => weight(b) - weight(a) || when(a).localeCompare(when(b)));
    listen(forMe);
    sections.mine.put(forMe.map((one) => mine(one, due.get(one.id))));
    sections.others.put(board.waiting.filter((one) => !nextOf(one)).map((one) => others(one, due.get(one.id))));
    sections.due.put(board.due.filter((one) => !turns.includes(one.what)).map(dueLine(act)));
    sections.active.put([...board.active].sort((a, b) => weight(b) - weight(a)).map(force(act)));
    map.put(board.active);
    sections.outgoing.put(board.outgoing.map(out));
    sections.incoming.put(intake.slice(0, INCOMING_MOST).map(incoming));
  }

  async function load() {
    try {
      const [board, { intake }] = await Promise.all([get('/board', { unattended: true }), get('/intake', { unattended: true })]);
      last = { board, intake };
      trouble.textContent = '';
      draw();
    } catch (problem) {
      if (problem.passing) fresh.later();
      else if (problem.status !== 401) trouble.textContent = problem.words;
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
  const leave = [fresh.end, onLanguage(draw)];
  load();
  return () => leave.forEach((end) => end());
}
