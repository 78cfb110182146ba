// SPDX-License-Identifier: Apache-2.0
// admin_accounts - accounts, sessions and tokens. To open, renew or end one takes two people with the duty `accounts`; to end
// sessions takes one, for it only protects.
import { call, get, Problem } from './api.js';
import { moment } from './bits.js';
import { propose } from './change_text.js';
import { ask } from './dialog.js';
import { fill, h } from './dom.js';
import { newCode } from './own_code.js';
import { field, option, section, table } from './tables.js';
import { watched } from './watched.js';
import { t } from './words.js';

function stateOf(one) {
  if (!one.active) return 'account.retired';
  if (one.enrolling) return one.password ? 'account.renewing' : 'account.to-enrol';
  return one.password ? 'account.ready' : 'account.code-over';
}
const factors = (one) => [one.second_factor && t('account.code'), one.passkeys > 0 && t('account.passkey')].filter(Boolean).join(' + ') || '—';

// --- proposing ------------------------------------------------------------------------------------------------------

// A form whose document is proposed; what comes of it is said under it. make: -> the document, or null when something is missing
function proposal(title, says, fields, go, make) {
  const said = h('p', { class: 'said', role: 'alert' });
  const button = h('button', { class: 'main', w: go });

  async function run(event) {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    fill(said, h('span', { w: 'dialog.working' }));
    try {
      const made = await propose(...await make());
      location.hash = `#/admin/change/${made.id}`;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      said.textContent = problem.words;
      button.disabled = false;
    }
  }
  return section(title, h('p', { class: 'soft', w: says }), h('form', { class: 'filters', novalidate: true, onsubmit: run }, fields, button), said);
}

// Where the code is made on this page, it is shown this once, for its holder alone.
function digestField(id) {
  const input = h('input', { id, maxlength: '64', autocomplete: 'off', spellcheck: 'false', required: true });
  const shown = h('div', { class: 'made' });

  async function make() {
    const { code, digest } = await newCode();
    input.value = digest;
    fill(shown, h('p', { w: 'account.code-made' }), h('code', { class: 'digest' }, code));
  }
  return { input, nodes: [h('div', { class: 'field broad' }, h('label', { for: id, w: 'account.digest' }), input), h('button', { type: 'button', w: 'account.make-code', onclick: make }), shown] };
}

function opening(officers) {
  const officer = h('select', { id: 'open-officer' }, officers.filter(({ active }) => active).map(({ id, name }) => option(id, name === id ? id : `${name} ${id}`)));
  const digest = digestField('open-digest');
  return proposal('account.open', 'account.open.says', [field('open-officer', 'rights.officer', officer), digest.nodes], 'account.open.go',
    async () => ['account', JSON.stringify({ do: 'open', officer: officer.value, digest: digest.input.value.trim() })]);
}

function makingToken(officers) {
  const input = (id, more = {}) => h('input', { id, autocomplete: 'off', spellcheck: 'false', ...more });
  const [name, scopes, ends, source, addresses] = [input('token-name'), input('token-scopes', { value: 'read' }), input('token-ends', { type: 'date' }), input('token-source'), input('token-addresses')];
  const officer = h('select', { id: 'token-officer' }, option('', '—'), officers.filter(({ active }) => active).map(({ id }) => option(id, id)));
  const digest = digestField('token-digest');
  const make = async () => {
    const all = { do: 'make', name: name.value.trim(), scopes: scopes.value.trim(), ends: ends.value, digest: digest.input.value.trim(), officer: officer.value, source: source.value.trim(), addresses: addresses.value.trim() };
    return ['token', JSON.stringify(Object.fromEntries(Object.entries(all).filter(([, value]) => value)))];
  };
  return proposal('token.make', 'token.make.says', [field('token-name', 'body.name', name), field('token-scopes', 'body.scopes', scopes), field('token-ends', 'body.ends', ends),
    field('token-officer', 'rights.officer', officer), field('token-source', 'body.source', source), field('token-addresses', 'body.addresses', addresses), digest.nodes], 'token.make.go', make);
}

// A question, then the proposal.
const ending = (kind, body, says) => () => ask({ title: `${kind}.end`, go: `${kind}.end`, danger: true, says: [h('p', { w: says, args: [body.officer ?? body.name] })],
  run: async () => { location.hash = `#/admin/change/${(await propose(kind, JSON.stringify(body))).id}`; } });

const endSessions = (officer, look) => () => ask({ title: 'account.sessions.end', go: 'account.sessions.end', says: [h('p', { w: 'account.sessions.says', args: [officer] })],
  run: () => call('DELETE', `/accounts/${encodeURIComponent(officer)}/sessions`) }).then((done) => done && look());

// --- lists ----------------------------------------------------------------------------------------------------------

function accountsTable(accounts, look) {
  const line = (one) => [one.name && one.name !== one.officer ? `${one.name} ${one.officer}` : one.officer, one.unit ?? '—', h('span', { w: stateOf(one) }), factors(one), one.sessions, moment(one.signed_in),
    h('div', { class: 'row' }, one.sessions > 0 && h('button', { type: 'button', 'data-key': `end-sessions ${one.officer}`, w: 'account.sessions.end', onclick: endSessions(one.officer, look) }),
      h('button', { type: 'button', 'data-key': `end-account ${one.officer}`, w: 'account.end', onclick: ending('account', { do: 'end', officer: one.officer }, 'account.end.says') }))];
  return section('account.list', table('account.list', ['rights.officer', 'rights.unit', 'deliveries.state', 'account.factor', 'account.sessions', 'account.last', 'account.acts'], accounts.map(line), { number: [4] }));
}

function tokensTable(tokens) {
  const line = (one) => [one.name, one.officer || '—', one.source || '—', h('span', { w: one.holds ? 'token.holds' : 'token.over' }), one.ends?.slice(0, 10) ?? '—', moment(one.used), one.scopes, one.addresses || '—',
    h('button', { type: 'button', 'data-key': `end-token ${one.name}`, w: 'token.end', onclick: ending('token', { do: 'end', name: one.name }, 'token.end.says') })];
  return section('token.list', table('token.list', ['body.name', 'rights.officer', 'body.source', 'deliveries.state', 'body.ends', 'token.used', 'body.scopes', 'body.addresses', 'account.acts'], tokens.map(line)));
}

const wanted = ({ what }) => /^(account|session|token|enrol)/.test(what);

// What is being filled in stays as it is while the lists are drawn anew.
export function show(place) {
  const forms = h('div', { class: 'stack' });
  const lists = h('div', {});
  let gone = false;
  fill(place, forms, lists);
  get('/rights').then(({ officers }) => { if (!gone) fill(forms, opening(officers), makingToken(officers)); }, (problem) => { if (!(problem instanceof Problem)) throw problem; });
  const end = watched(lists, async () => ({ ...await get('/accounts'), ...await get('/tokens') }),
    (body, { accounts, tokens }, look) => fill(body, accountsTable(accounts, look), tokensTable(tokens)), wanted);
  return () => {
    gone = true;
    end();
  };
}
