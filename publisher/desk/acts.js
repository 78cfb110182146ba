// SPDX-License-Identifier: Apache-2.0
// acts - what officers do to a bulletin, each from its button to the server's answer. Review, sign, override, cancel and
// correct are proven by the officer's passkey every time, over the very words that were shown.
import { bulletinAt, get, post } from './api.js';
import { channel, length, link, moment, places } from './bits.js';
import { ask } from './dialog.js';
import { h } from './dom.js';
import { levelWord, rankOf } from './levels.js';
import { overrideDigest, proof } from './passkey.js';
import { either, t } from './words.js';

const at = (b, rest) => bulletinAt(b.id, rest);
const key = () => crypto.randomUUID();

// Review and sign ask nothing: the passkey is the question.
const approve = (act) => async (b) => {
  await post(at(b, '/approvals'), await proof(b.id, act, b.manifest_digest), { key: key() });
  return true;
};

const withReason = (act) => (b) => {
  const once = key();
  return ask({
    title: `act.${act}`, go: `act.${act}`, reason: true, danger: act === 'reject' || act === 'discard',
    says: [h('p', { w: `act.${act}.says` })],
    run: ({ reason }) => post(at(b, `/${act}`), { reason }, { key: once }),
  });
};

function override(b) {
  const once = key();
  return ask({
    title: 'act.override', go: 'act.override', reason: true, says: [h('p', { w: 'act.override.says' })],
    run: async ({ reason }) => post(at(b, '/override'),
      { reason, proof: await proof(b.id, 'override', await overrideDigest(b.manifest_digest, reason), { reason }) }, { key: once }),
  });
}

// --- release: in the words of what will happen ---------------------------------------------------------------------

const fact = (w, ...what) => [h('dt', { w }), h('dd', {}, what)];

// How many it reaches and how long that takes are said where they are known, and never guessed. One that is not well now is named.
const farSide = (standing) => ({ target, recipients }) => {
  const now = standing.find((one) => one.target === target);
  return h('li', {}, channel(target), recipients !== undefined && [' ', h('span', { w: 'release.people', args: [recipients] })],
    recipients > 0 && now?.per_minute > 0 && [' ', h('small', { w: 'release.takes', args: [length(Math.max(1000, (recipients / now.per_minute) * 60000))] })],
    now && now.health !== 'well' && [' ', h('strong', { class: 'bad', w: `health.${now.health}` })]);
};

// Of a red one's number the last four figures are typed: no hand does that half asleep.
const figures = (b) => b.identifier.replace(/\D/g, '').slice(-4);

async function release(b) {
  const { channels } = await get('/channels');
  const once = key();
  const { mode } = document.body.dataset;
  const red = rankOf(b) === 'red';
  return ask({
    title: `release.${mode}`, go: `release.${mode}.go`, danger: mode === 'live',
    match: red ? figures(b) : null, label: red ? 'release.typed' : null,
    says: [h('dl', { class: 'facts' },
      fact('release.what', h('strong', {}, b.headline)),
      fact('release.level', h('span', { w: levelWord(b) })),
      fact('release.where', places(b)),
      fact('release.how', h('ul', { class: 'inline' }, b.texts.map(farSide(channels)))),
      fact('release.until', moment(b.expires)),
      fact('release.number', h('span', { class: 'number' }, b.identifier))),
    h('p', { class: 'note', w: `release.${mode}.says` })],
    run: () => post(at(b, `/release?manifest=${b.manifest_digest}`), undefined, { key: once }),
  });
}

// --- its end: words approved with it -------------------------------------------------------------------------------

function stagedWords(staged) {
  return h('div', { class: 'staged' }, h('strong', {}, staged.headline),
    staged.words.filter(({ path }) => /\/(description|instruction)$/.test(path)).map(({ text }) => h('p', {}, text)));
}

const stagedOf = (b, as) => get(at(b, `/staged/${as}`));

// What has gone out is a message of its own, and whether it arrives is shown on its own page.
const follow = (made) => { location.hash = link(made.id); };

async function cancel(b) {
  const staged = await stagedOf(b, 'cancel');
  const once = key();
  return ask({
    title: 'act.cancel', go: 'act.cancel', reason: true, danger: true,
    says: [h('p', { w: 'act.cancel.says' }), stagedWords(staged)],
    run: async ({ reason }) => follow(await post(at(b, '/cancel'), { reason, proof: await proof(b.id, 'cancel', staged.manifest_digest) }, { key: once })),
  });
}

// Which of the two it is, is the reason; more may be said. So a correction is two actions from the board, which shows it go out.
export async function correct(b, then = () => {}) {
  const found = await Promise.all(['wrong-area', 'false-alarm'].map(async (what) => [what, await stagedOf(b, what)]));
  return ask({
    title: 'act.correct', reason: true, danger: true, says: [h('p', { w: 'act.correct.says' })],
    ways: found.map(([what, staged]) => {
      const once = key();
      return { go: `act.${what}`, says: stagedWords(staged),
        run: async ({ reason }) => then(await post(at(b, '/correct'), { what, reason: reason || t(`act.${what}.reason`),
          proof: await proof(b.id, 'correct', staged.manifest_digest, { as: what }) }, { key: once })) };
    }),
  });
}

function submit(b) {
  return post(at(b, '/submit'), undefined, { key: key() }).then(() => true);
}

// What stands on the page for each act the server says is open: in this order; the first of `main` is the next thing to do.
// direct: no question comes in between.
const acts = [
  { act: 'release', w: 'act.release', main: true, run: release },
  { act: 'sign', w: 'act.sign', main: true, direct: true, run: approve('sign') },
  { act: 'review', w: 'act.review', main: true, direct: true, run: approve('review') },
  { act: 'submit', w: 'act.submit', main: true, direct: true, run: submit },
  { act: 'edit', w: 'act.edit', run: async (b) => { location.hash = `#/compose/${encodeURIComponent(b.id)}`; } },
  { act: 'update', w: 'act.update', run: async (b) => { location.hash = `#/compose/update/${encodeURIComponent(b.id)}`; } },
  { act: 'cancel', w: 'act.cancel', run: cancel },
  { act: 'correct', w: 'act.correct', run: (b) => correct(b, follow) },
  { act: 'return', w: 'act.return', run: withReason('return') },
  { act: 'override', w: 'act.override', run: override },
  { act: 'withdraw', w: 'act.withdraw', run: withReason('withdraw') },
  { act: 'discard', w: 'act.discard', run: withReason('discard') },
  { act: 'reject', w: 'act.reject', run: withReason('reject') },
];

export const openTo = (b) => acts.filter(({ act }) => b.acts.includes(act));

// What the screen holds back is reworded first; to let it pass is never what a page suggests.
export const firstOf = (b, open) => (b.screening === 'held'
  ? open.find(({ act }) => act === 'return') ?? open.find(({ act }) => act === 'edit')
  : open.find(({ main }) => main));

// The policy's answer, as one line and its reasons.
export function authority({ authority: said }) {
  if (!said) return null;
  if (said.permit)
    return h('p', { class: 'authority yes' }, h('strong', { w: 'authority.yes' }), ' ', said.basis, h('small', {}, ` ${said.rule}`));
  return h('div', { class: 'authority no' }, h('strong', { w: 'authority.no' }),
    h('ul', {}, said.reasons.map(({ zh, en }) => h('li', {}, either(zh, en)))));
}
