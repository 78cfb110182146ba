// SPDX-License-Identifier: Apache-2.0
// admin_changes - the changes there are, and one of them: what it would change, compared in this page, and the second
// administrator's confirmation by passkey.
import { get, post, Problem } from './api.js';
import { moment } from './bits.js';
import { before, confirm, differences, followed, linesShown } from './change_text.js';
import { ask } from './dialog.js';
import { fill, h } from './dom.js';
import { me } from './frame.js';
import { section, table } from './tables.js';
import { watched } from './watched.js';
import { either, t } from './words.js';

const dutyOf = { policy: 'admin', recipients: 'admin', account: 'accounts', token: 'accounts', purge: 'audit' };
const isMine = (kind) => me().duties.includes(dutyOf[kind]);
const people = (change) => change.proofs.map(({ officer }) => officer).join(either('、', ', '));
const state = (change) => h('span', { class: 'state', 'data-state': change.state === 'proposed' ? 'approved' : change.state }, either(change.state_zh, change.state));
const wanted = ({ what }) => what.startsWith('change-') || what === 'policy-changed';

// --- the list -------------------------------------------------------------------------------------------------------

function list(title, changes, empty) {
  const line = (one) => [h('a', { href: `#/admin/change/${one.id}` }, one.id), h('span', { w: `change.kind.${one.kind}` }), state(one), people(one), moment(one.proposed),
    one.state === 'proposed' ? moment(one.ends) : moment(one.closed), one.reason || '—'];
  if (!changes.length) return section(title, h('p', { class: 'soft', w: empty }));
  return section(title, table(title, ['change.id', 'change.kind', 'deliveries.state', 'change.people', 'change.proposed', 'change.until', 'report.reason'], changes.map(line)));
}

export const show = (place) => watched(place, () => get('/changes'), (body, { changes }) => fill(body,
  list('change.mine', changes.filter((one) => one.state === 'proposed' && isMine(one.kind) && one.proofs[0].officer !== me().officer), 'change.mine.empty'),
  list('change.open', changes.filter((one) => one.state === 'proposed' && !(isMine(one.kind) && one.proofs[0].officer !== me().officer)), 'change.open.empty'),
  list('change.over', changes.filter((one) => one.state !== 'proposed'), 'change.over.empty')), wanted);

// --- what it would change -------------------------------------------------------------------------------------------

export function diffOf(found) {
  if (!found.length) return h('p', { class: 'soft', w: 'change.same' });
  const lines = (one) => [h('span', { class: 'at', w: 'change.line', args: [one.at] }),
    one.gone.map((line) => h('span', { class: 'gone' }, h('b', {}, '− '), h('span', { class: 'only-read', w: 'change.gone' }), line)),
    one.come.map((line) => h('span', { class: 'come' }, h('b', {}, '+ '), h('span', { class: 'only-read', w: 'change.come' }), line))];
  return h('pre', { class: 'diff', tabindex: '0', role: 'group', label: 'change.diff' }, found.map(lines));
}

// A document of members (JSON) or of lines "key value", each said in words beside it.
function membersOf(body) {
  try {
    return Object.entries(JSON.parse(body));
  } catch { /* lines, not JSON */ }
  return body.trim().split('\n').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]);
}

function bodyOf(change) {
  return [h('dl', { class: 'facts' }, membersOf(change.body).map(([name, value]) => [h('dt', { w: `body.${name}` }),
    h('dd', { class: name === 'digest' ? 'digest' : null }, name === 'do' ? t(`body.do.${value}`) : String(value))])),
  h('pre', { tabindex: '0', role: 'group', label: 'change.document' }, change.body)];
}

// Compared here, and when it cannot be compared nothing can be confirmed.
async function shown(change) {
  const lines = await linesShown(change);
  if (change.kind === 'recipients') return { change, nodes: () => [h('p', { class: 'soft', w: 'recipients.compared' }), bodyOf(change)] };
  if (change.kind !== 'policy') return { change, nodes: () => bodyOf(change) };
  if (change.state !== 'proposed') {
    const old = await followed(lines);
    const nodes = () => (old === null ? [h('p', { class: 'soft', w: 'change.no-before' }), h('pre', { tabindex: '0', role: 'group', label: 'change.document' }, change.body)]
      : diffOf(differences(old, change.body)));
    return { change, nodes };
  }
  const found = differences(await before(lines), change.body);
  return { change, nodes: () => [h('p', { class: 'soft', w: 'change.compared' }), diffOf(found)] };
}

async function fetchOne(id) {
  const change = await get(`/changes/${encodeURIComponent(id)}`);
  try {
    return await shown(change);
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.passing) throw problem;
    return { change, nodes: () => h('p', { class: 'bad', role: 'alert' }, problem.words), barred: true };
  }
}

const effects = ({ effects: list_ }) => list_?.length > 0 && h('div', { class: 'effects' }, h('strong', { w: 'change.effects' }), h('ul', {}, list_.map(({ zh, en }) => h('li', {}, either(zh, en)))));

const head = (change) => section('change.what', h('dl', { class: 'facts' },
  [['change.id', change.id], ['change.kind', h('span', { w: `change.kind.${change.kind}` })], ['deliveries.state', state(change)], ['change.people', people(change)],
    ['change.proposed', moment(change.proposed, true)], ['change.until', moment(change.state === 'proposed' ? change.ends : change.closed)], ['report.reason', change.reason || '—']].map(([w, value]) => [h('dt', { w }), h('dd', {}, value)])));

// Said this once. It stays until the page is left, whatever else happens.
const word = (text) => h('section', { class: 'part', role: 'alert', tabindex: '-1' }, h('h2', { w: 'change.word' }), h('p', { w: 'change.word.says' }), h('p', { class: 'word-once' }, text));

function acts(found, look, tell) {
  const { change, barred } = found;
  if (change.state !== 'proposed') return null;
  const own = change.proofs[0].officer === me().officer;
  const said = h('p', { class: 'said', role: 'alert' });
  const go = h('button', { type: 'button', class: 'main', w: 'change.confirm', onclick: run });

  async function run() {
    go.disabled = true;
    fill(said, h('span', { w: 'dialog.working' }));
    try {
      const done = await confirm(change);
      if (done.word) tell(done.word);
      await look();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      said.textContent = problem.words;
      go.disabled = false;
    }
  }

  const once = crypto.randomUUID();
  const withdraw = () => ask({ title: own ? 'change.withdraw' : 'change.refuse', go: own ? 'change.withdraw' : 'change.refuse', reason: true, says: [h('p', { w: 'change.withdraw.says' })],
    run: ({ reason }) => post(`/changes/${change.id}/withdraw`, { reason }, { key: once }) }).then((done) => done && look());
  const word_ = !isMine(change.kind) ? 'change.not-your-duty' : own ? 'change.own' : barred ? 'change.barred' : null;
  return h('section', { class: 'next' }, h('h2', { w: 'next.title' }), word_ ? h('p', { w: word_ }) : [h('p', { w: 'change.confirm.says' }), go], said,
    isMine(change.kind) && h('div', { class: 'row' }, h('button', { type: 'button', w: own ? 'change.withdraw' : 'change.refuse', onclick: withdraw })));
}

export function showOne(place, id) {
  const once = h('div', { class: 'stack' });
  const rest = h('div', {});
  const tell = (text) => {
    fill(once, word(text));
    once.firstChild.focus();
  };
  fill(place, once, rest);
  return watched(rest, () => fetchOne(id), (body, found, look) => fill(body, h('div', { class: 'bulletin' },
    section('change.diff', effects(found.change), found.nodes()), h('div', { class: 'side' }, acts(found, look, tell), head(found.change)))), (event) => event.ref === id);
}
