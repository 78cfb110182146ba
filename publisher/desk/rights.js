// SPDX-License-Identifier: Apache-2.0
// rights - the policy in force as everybody may read it: what is asked of it (rights_ask.js), who holds which row, with its
// legal basis, the units and officers, the roster. The rows are the server's; the document itself an administrator reads.
import { get, Problem } from './api.js';
import { fill, h } from './dom.js';
import { onLanguage } from './frame.js';
import * as asking from './rights_ask.js';
import { areasText, channelsText, hazardNames, hazardsShort, isEveryLevel, kindsText, legend, levelsOf, levelsShort, namesOf, term, wordsOf } from './rights_words.js';
import { section, table } from './tables.js';
import { either, t } from './words.js';

const parts = { ask: asking.draw, matrix, people, roster };

// --- the matrix -----------------------------------------------------------------------------------------------------

const anchor = (row) => `row-${row.replace(/\W+/g, '-')}`;

// Page addresses stand behind the #: a way to a row of this page moves the view alone.
function toRow(row) {
  const go = (event) => {
    event.preventDefault();
    document.getElementById(anchor(row))?.focus();
  };
  return h('a', { href: '#/rights/matrix', onclick: go }, row.split(',')[0]);
}

function cellOf(grants, names) {
  return grants.map((one) => h('span', { class: 'cell' }, h('span', { w: `rights.role.${one.role}` }), one.of && [' ', names.unit(one.of)], ' ', levelsShort(one.levels),
    ' ', h('span', { class: 'soft' }, one.kinds.length > 2 ? t('rights.kinds.count', one.kinds.length) : wordsOf('kind', one.kinds)), ' ', toRow(one.row), !one.in_force && [' ', h('span', { class: 'bad', w: 'rights.over' })]));
}

function grid(state) {
  const { rights: { grants, units }, names } = state;
  const having = units.filter(({ id }) => grants.some(({ unit }) => unit === id));
  const classes = [...new Set(grants.map(({ hazards }) => hazards.join(' ')))].sort();
  const rows = classes.map((key) => h('tr', {}, h('th', { scope: 'row' }, hazardsShort(key.split(' '), state.catalog)),
    having.map(({ id }) => h('td', {}, cellOf(grants.filter(({ unit, hazards }) => unit === id && hazards.join(' ') === key), names)))));
  return section('rights.matrix', h('p', { class: 'soft', w: 'rights.grants.says' }), legend(),
    h('div', { class: 'wide', tabindex: '0', role: 'group', label: 'rights.matrix' }, h('table', { class: 'matrix' }, h('caption', { class: 'only-read', w: 'rights.matrix' }),
      h('thead', {}, h('tr', {}, h('th', { scope: 'col', w: 'rights.hazards' }), having.map(({ id }) => h('th', { scope: 'col' }, names.unit(id))))), h('tbody', {}, rows))));
}

function grantsTable({ rights: { grants }, names, catalog }) {
  const heads = ['rights.row', 'rights.unit', 'rights.role', 'rights.kinds', 'rights.hazards', 'rights.levels', 'rights.areas', 'rights.channels', 'rights.term', 'rights.basis'];
  const line = (one) => [h('span', { id: anchor(one.row), tabindex: '-1' }, one.row), names.unit(one.unit),
    [h('span', { w: `rights.role.${one.role}` }), one.of && [' ', names.unit(one.of)]], wordsOf('kind', one.kinds), hazardNames(one.hazards, catalog), levelsOf(one.levels),
    areasText(one.areas, catalog), channelsText(one.channels), [term(one), !one.in_force && [' ', h('span', { class: 'bad', w: 'rights.over' })]], one.basis];
  return section('rights.grants', table('rights.grants', heads, grants.map(line)));
}

function forbidsTable({ rights: { forbids }, names, catalog }) {
  const heads = ['rights.row', 'rights.only', 'rights.kinds', 'rights.hazards', 'rights.levels', 'rights.areas', 'rights.channels', 'rights.basis'];
  const line = (one) => [one.row, one.unless_unit ? names.unit(one.unless_unit) : h('span', { w: 'rights.anybody' }), kindsText(one.kinds),
    one.hazards.length ? hazardNames(one.hazards, catalog) : h('span', { w: 'rights.every' }), isEveryLevel(one.levels) ? h('span', { w: 'rights.every' }) : levelsOf(one.levels),
    areasText(one.areas, catalog), channelsText(one.channels), one.basis];
  return section('rights.forbids', table('rights.forbids', heads, forbids.map(line)));
}

function signoffTable({ rights: { signoff } }) {
  const line = (one) => [one.urgent ? h('span', { w: 'rights.urgent' }) : one.row, levelsOf(one.levels), one.reviews, one.signs, one.hours ?? h('span', { w: 'rights.every' }), one.basis ?? '—'];
  return section('rights.signoff', table('rights.signoff', ['rights.row', 'rights.levels', 'rights.reviews', 'rights.signs', 'rights.hours', 'rights.basis'], signoff.map(line), { number: [2, 3] }));
}

function relaysTable({ rights: { relays }, names, catalog }) {
  const line = (one) => [one.row, one.source, names.unit(one.unit), wordsOf('kind', one.kinds), hazardNames(one.hazards, catalog), levelsOf(one.levels), areasText(one.areas, catalog),
    channelsText(one.channels), one.basis ?? '—'];
  return relays.length > 0 && section('rights.relays', table('rights.relays', ['rights.row', 'rights.source', 'rights.unit', 'rights.kinds', 'rights.hazards', 'rights.levels', 'rights.areas',
    'rights.channels', 'rights.basis'], relays.map(line)));
}

function matrix(place, state) {
  fill(place, grid(state), grantsTable(state), forbidsTable(state), signoffTable(state), relaysTable(state));
}

// --- people and roster ----------------------------------------------------------------------------------------------

function people(place, { rights: { units, officers }, names }) {
  const unitLine = (one) => [one.name, one.id, one.code ?? '—', one.division ?? '—', one.superior ? names.unit(one.superior) : '—'];
  const line = (one) => [[one.name, one.person !== one.id && h('small', {}, ' ', h('span', { w: 'rights.same-person', args: [one.person] }))], one.id, names.unit(one.unit),
    wordsOf('duty', one.duties), h('span', { w: 'rights.keys.count', args: [one.keys, one.passkeys] }),
    h('span', { class: one.active ? 'yes' : 'bad', w: one.active ? 'rights.active.yes' : 'rights.active.no' })];
  fill(place, section('rights.units', table('rights.units', ['rights.unit', 'fact.number', 'rights.code', 'rights.division', 'rights.superior'], units.map(unitLine))),
    section('rights.officers', table('rights.officers', ['rights.officer', 'fact.number', 'rights.unit', 'rights.duties', 'rights.keys', 'rights.active'], officers.map(line))));
}

function numbers(one) {
  if (!('phone' in one)) return h('span', { class: 'soft', w: 'rights.phone.kept' });
  return [one.phone ?? '—', one.deputy_phone && ` / ${one.deputy_phone}`];
}

function roster(place, { rights: { roster: rows, sign_by_roster: binds }, names }) {
  if (!rows.length) return fill(place, section('rights.roster', h('p', { class: 'soft', w: 'rights.roster.empty' })));
  const heads = ['rights.unit', 'rights.now', 'rights.officer', 'rights.deputy', 'rights.steps', 'rights.days', 'rights.hours', 'rights.term', 'rights.phone'];
  const line = (one) => [names.unit(one.unit), h('span', { class: one.now ? 'yes' : 'soft', w: one.now ? 'rights.on' : 'rights.off' }), names.officer(one.officer),
    one.deputy ? names.officer(one.deputy) : '—', wordsOf('rights.step', one.steps), one.days.length === 7 ? h('span', { w: 'rights.every' }) : wordsOf('rights.day', one.days),
    one.hours ?? h('span', { w: 'rights.every' }), term(one), numbers(one)];
  return fill(place, section('rights.roster', h('p', { w: binds ? 'rights.roster.binds' : 'rights.roster.calls' }), table('rights.roster', heads, rows.map(line))));
}

// --- the page -------------------------------------------------------------------------------------------------------

export function show(main, part = 'ask') {
  const draw = parts[part] ?? parts.ask;
  const place = h('div', { class: 'stack' });
  const said = h('p', { class: 'said', role: 'alert' });
  const version = h('p', { class: 'soft' });
  let state = null;
  let gone = false;

  async function begin() {
    try {
      const [rights, catalog] = await Promise.all([get('/rights'), get('/catalog')]);
      if (gone) return;
      state = { rights, catalog, names: namesOf(rights) };
      fill(version, h('span', { w: 'rights.version', args: [rights.version.slice(0, 12)] }), either('；', '; '), h('span', { w: `rights.signer.${rights.signer}` }));
      draw(place, state);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      said.textContent = problem.words;
    }
  }

  const link = (name) => h('a', { href: name === 'ask' ? '#/rights' : `#/rights/${name}`, 'aria-current': name === part ? 'page' : null, w: `rights.${name}` });
  fill(main, h('h1', { w: 'rights.head' }), version, h('nav', { class: 'parts', label: 'rights.parts' }, Object.keys(parts).map(link)), said, place);
  begin();
  const end = onLanguage(() => state && draw(place, state));
  return () => {
    gone = true;
    end();
  };
}
