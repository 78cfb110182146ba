// SPDX-License-Identifier: Apache-2.0
// bulletin - one bulletin: what it says, where the screen found something, what each far side will show, who has put their
// name to it, what the policy says, and the one thing to do next. What somebody is reading is never changed under their eyes:
// other words wait until they are asked for.
import { bulletinAt, get, Problem } from './api.js';
import { authority, firstOf, openTo } from './acts.js';
import { hazard, level, moment, places, state } from './bits.js';
import { calls, deliveries, history, isUnderWay, paper } from './follow.js';
import { fill, h, steady } from './dom.js';
import { onLanguage } from './frame.js';
import { keepFresh } from './live.js';
import { either, language, t } from './words.js';
import { changes, conflicts, words } from './reading.js';
import { texts } from './far_texts.js';

const shortDigest = (digest) => (digest ? `${digest.slice(0, 4)} ${digest.slice(4, 8)}` : '—');

// What a reader judges by; a sign-off, or the moment that release fills in, is none of it.
const judged = (b) => JSON.stringify([b.manifest_digest, b.words, b.hits]);

function head(b) {
  return h('div', { class: 'head' },
    h('div', { class: 'top' }, h('a', { class: 'back', href: '#/', w: 'bulletin.back' }), level(b),
      h('span', { class: 'soft' }, hazard(b)), h('span', { class: 'state', 'data-state': b.state }, state(b)),
      h('span', { class: 'soft' }, b.id)),
    h('h1', {}, b.headline),
    h('p', { class: 'soft' }, places(b)));
}

function facts(b) {
  const rows = [['fact.number', b.identifier], ['fact.unit', b.unit_name], ['fact.drafter', [b.drafter, ...b.earlier].filter(Boolean).join(' ← ')],
    ['fact.source', b.source], ['fact.incident', b.incident], ['fact.created', moment(b.created)], ['fact.sent', b.sent && moment(b.sent, true)],
    ['fact.expires', b.expires && moment(b.expires)], ['fact.releaser', b.releaser], ['fact.procedure', b.procedure !== 'normal' && t(`procedure.${b.procedure}`)],
    ['fact.disclosure', b.disclosure !== 'proactive' && `${t(`disclosure.${b.disclosure}`)} ${b.disclosure_reason}`], ['fact.digest', shortDigest(b.manifest_digest)]];
  return h('dl', { class: 'facts' }, rows.filter(([, value]) => value).map(([w, value]) => [h('dt', { w }), h('dd', {}, value)]));
}

// --- the sign-offs and the next thing ------------------------------------------------------------------------------

function signOffs(b) {
  const { need_reviews, need_signs } = b.sign_offs;
  const of = (act) => b.approvals.filter((one) => one.act === act && !one.voided && one.manifest === b.manifest_digest);
  const line = (w, act, need) => h('li', { 'data-done': of(act).length >= need },
    h('span', { 'aria-hidden': 'true' }, of(act).length >= need ? '✓' : '○'), ' ', h('span', { w, args: [of(act).length, need] }),
    ' ', h('span', { class: 'soft' }, of(act).map((one) => `${one.officer} ${moment(one.time)}`).join(either('、', ', '))));
  return h('ul', { class: 'sign-offs' }, line('sign-offs.review', 'review', need_reviews), line('sign-offs.sign', 'sign', need_signs),
    b.screening === 'held' && h('li', { class: 'bad' }, '✕ ', h('span', { w: 'sign-offs.held' })),
    b.screening === 'overridden' && h('li', {}, '✓ ', h('span', { w: 'sign-offs.overridden' }), ' ', h('span', { class: 'soft' }, b.screening_note)));
}

function panel(b, act) {
  const open = openTo(b);
  const first = firstOf(b, open);
  const button = (one) => h('button', { type: 'button', class: one === first ? 'main' : null, w: one.w, 'data-key': one.w, onclick: () => act(one) });
  const up = ['submitted', 'approved', 'draft'].includes(b.state);
  return [h('h2', { w: 'next.title' }), up && b.state !== 'draft' && signOffs(b), authority(b),
    first ? button(first) : up && h('p', { class: 'soft', w: 'next.others' }),
    h('div', { class: 'row' }, open.filter((one) => one !== first).map(button))];
}

// --- the page ------------------------------------------------------------------------------------------------------

export function show(main, id) {
  const place = (name) => h('section', { class: name });
  const [top, next, body, side, follow] = ['top-part', 'next', 'body', 'side', 'follow'].map((name) => place(name));
  const said = h('p', { class: 'said', role: 'alert' });
  const other = h('div', { class: 'other', role: 'alert', hidden: true }, h('span', { w: 'bulletin.other' }),
    h('button', { type: 'button', w: 'bulletin.look', onclick: () => drawAll() }));
  let shown = null;
  let latest = null;

  fill(main, top, other, h('div', { class: 'bulletin' }, body, h('div', {}, next, follow, side)));
  const putNext = steady(next, (nodes) => fill(next, nodes, said));
  const putFollow = steady(follow, (nodes) => fill(follow, nodes), 'button');
  const told = h('p', { class: 'said', role: 'alert' });

  function drawAll() {
    shown = latest;
    other.hidden = true;
    fill(top, head(shown));
    fill(body, changes(shown), words(shown), conflicts(shown), texts(shown));
    drawMoving(true);
  }

  // Drawn only when it would be another: a click on its way never meets a button that has just been replaced.
  let drawn = '';
  function drawNext(stale) {
    const b = latest;
    const key = JSON.stringify([stale, b.acts, b.sign_offs, b.approvals, b.authority, b.screening, b.state, language()]);
    if (key === drawn) return;
    drawn = key;
    putNext(stale ? [h('h2', { w: 'next.title' }), h('p', { w: 'bulletin.other' })] : panel(latest, act));
  }

  // What may change while it is read: who has signed, where it has got to.
  function drawMoving(now) {
    const stale = judged(latest) !== judged(shown);
    other.hidden = !stale;
    drawNext(stale);
    if (now) putNext.now();
    if (stale) return;
    shown = latest;
    fill(top, head(shown));
    putFollow([deliveries(shown, actOnDelivery), told, calls(shown)]);
    fill(side, facts(shown), history(shown), paper(shown));
  }

  async function load(all = false) {
    try {
      latest = await get(bulletinAt(id), { unattended: true });
      if (shown && !all) drawMoving(false);
      else drawAll();
      if (isUnderWay(latest)) fresh.later(); // recipients reached are no event
    } catch (problem) {
      if (problem.passing) fresh.later();
      if (problem.passing || problem.status === 401) return;
      if (shown) said.textContent = problem.words;
      else fill(main, h('p', { class: 'said' }, problem.words), h('a', { href: '#/', w: 'bulletin.back' }));
    }
  }

  async function actOnDelivery(run) {
    told.textContent = '';
    try {
      await run();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      told.textContent = problem.words;
    }
    await load();
    putFollow.now();
  }

  async function act(one) {
    if (one.direct) fill(said, h('span', { w: 'dialog.working' }));
    else fill(said);
    for (const button of next.querySelectorAll('button')) button.disabled = true;
    let done = false;
    try {
      done = await one.run(shown);
      said.textContent = '';
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      fill(said, problem.words, problem.problems.length > 0 &&
        h('ul', {}, problem.problems.map((found) => h('li', {}, either(found.message_zh, found.message)))));
    }
    for (const button of next.querySelectorAll('button')) button.disabled = false;
    await load(Boolean(done));
    putNext.now();
  }

  const fresh = keepFresh(() => load(), ({ ref }) => ref === id);
  const leave = [fresh.end, onLanguage(() => shown && drawAll())];
  load();
  return () => leave.forEach((end) => end());
}
