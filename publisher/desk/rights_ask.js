// SPDX-License-Identifier: Apache-2.0
// rights_ask - the two questions: who may publish X in Y at level Z, and what this unit or officer may publish there. Both are
// answered by the decision function itself (GET /rights/who, /rights/what); nothing of it is recorded.
import { isAdministrator } from './admin.js';
import { get, Problem } from './api.js';
import { moment } from './bits.js';
import { fill, h } from './dom.js';
import { me } from './frame.js';
import { kinds, levelsOfKind } from './levels.js';
import { hazardNames, levelsOf, wordsOf } from './rights_words.js';
import { field, option, section, table } from './tables.js';
import { either, t } from './words.js';

const asked = { who: null, what: null }; // kept while the pages are open: the language may be switched under an answer

// --- fields ---------------------------------------------------------------------------------------------------------

const areas = (id, { divisions }) => h('select', { id }, divisions.filter(({ level }) => level !== 'grouping')
  .map(({ code, zh, en }) => option(code, either(zh, en ?? code))));

function codeOf(text, { hazards }) {
  const word = text.trim();
  return hazards.find(({ code, zh, en }) => [code, zh, en].includes(word) || `${zh} ${code}` === word)?.code ?? null;
}

function levelChoice(kind, place) {
  const before = place.value;
  const found = levelsOfKind(kind);
  const list = found.length ? found : ['none'];
  fill(place, list.map((one) => h('option', { value: one, w: `level.${one}` })));
  place.value = list.includes(before) ? before : list[0];
}

// --- who may publish this -------------------------------------------------------------------------------------------

// Of the unit itself and, on behalf, of the unit whose authority counts: their officers review and sign.
function hands(one, units, role) {
  const acting = one.authority.unit && one.authority.unit !== one.unit ? units.find(({ unit }) => unit === one.authority.unit) : null;
  return [...one[role], ...(acting?.[role] ?? [])];
}

// As many different people as are needed, and one who is neither, to draft it.
function enough(one, units, signoff) {
  const [reviewers, signers] = [hands(one, units, 'reviewers'), hands(one, units, 'signers')];
  return reviewers.length >= signoff.reviews && signers.length >= signoff.signs && one.publishers.length > 0
    && new Set([...reviewers, ...signers]).size >= signoff.reviews + signoff.signs;
}

function may(answer, names) {
  const line = (one) => {
    const people = (role) => hands(one, answer.units, role).map(names.officer).join(either('、', ', ')) || '—';
    const short = answer.signoff && !enough(one, answer.units, answer.signoff);
    return [[h('span', { class: 'yes', w: 'rights.yes' }), ' ', one.name, one.authority.unit !== one.unit && [' ', h('span', { w: 'rights.for', args: [names.unit(one.authority.unit)] })],
      short && [' ', h('span', { class: 'short', w: 'rights.short' })]],
    one.authority.basis ?? '—', one.authority.rule, people('reviewers'), people('signers'), one.publishers.map(names.officer).join(either('、', ', ')) || '—'];
  };
  const found = answer.units.filter(({ authority }) => authority?.permit);
  if (!found.length) return h('p', { class: 'bad', w: 'rights.nobody' });
  return table('rights.who', ['rights.unit', 'rights.basis', 'rights.row', 'rights.reviewers', 'rights.signers', 'rights.publishers'], found.map(line));
}

function mayNot({ units }) {
  const others = units.filter(({ authority }) => !authority?.permit);
  return h('details', {}, h('summary', { w: 'rights.others', args: [others.length] }), h('ul', { class: 'stack' }, others.map((one) => h('li', {},
    h('strong', {}, one.name), h('ul', {}, one.authority ? one.authority.reasons.map(({ zh, en }) => h('li', { class: 'soft' }, either(zh, en))) : h('li', { class: 'soft', w: 'rights.no-officers' }))))));
}

const when = ({ at, channels }) => h('p', { class: 'soft', w: 'rights.asked', args: [moment(at), channels.map((one) => t(`channel.${one}`)).join(either('、', ', '))] });

function whoAnswer(place, answer, names) {
  fill(place, answer.signoff ? h('p', { w: 'rights.needs', args: [answer.signoff.reviews, answer.signoff.signs] }) : h('p', { class: 'bad', w: 'rights.needs.none' }),
    may(answer, names), mayNot(answer), when(answer));
}

function who({ catalog, names }) {
  const kind = h('select', { id: 'who-kind', onchange: () => levelChoice(kind.value, level) }, kinds.map((one) => h('option', { value: one, w: `kind.${one}` })));
  const hazard = h('input', { id: 'who-hazard', list: 'who-hazards', autocomplete: 'off', required: true });
  const level = h('select', { id: 'who-level' });
  const area = areas('who-area', catalog);
  const said = h('p', { class: 'said', role: 'alert' });
  const place = h('div', { class: 'stack', role: 'status' });
  const list = h('datalist', { id: 'who-hazards' }, catalog.hazards.map(({ code, zh, en }) => option(zh, either(code, `${code} ${en ?? ''}`))));

  async function go(event) {
    event.preventDefault();
    fill(said);
    const code = codeOf(hazard.value, catalog);
    if (!code) {
      fill(said, h('span', { w: 'rights.hazard.unknown' }));
      return hazard.focus();
    }
    asked.who = { kind: kind.value, hazard: code, level: level.value, area: area.value };
    return ask(`/rights/who?${new URLSearchParams(asked.who)}`, said, (answer) => whoAnswer(place, answer, names));
  }

  levelChoice('warning', level);
  if (asked.who) {
    kind.value = asked.who.kind;
    levelChoice(kind.value, level);
    hazard.value = hazardNames([asked.who.hazard], catalog);
    level.value = asked.who.level;
    area.value = asked.who.area;
    ask(`/rights/who?${new URLSearchParams(asked.who)}`, said, (answer) => whoAnswer(place, answer, names));
  }
  return section('rights.who', h('form', { class: 'filters', novalidate: true, onsubmit: go }, field('who-kind', 'rights.kind', kind), field('who-hazard', 'rights.hazard', hazard), list,
    field('who-level', 'rights.level', level), field('who-area', 'rights.area', area), h('button', { class: 'main', w: 'rights.answer' })), said, place);
}

// --- what may they publish ------------------------------------------------------------------------------------------

// Levels of one kind and row over the same hazards are one line.
function lines(rights) {
  const found = new Map();
  for (const one of rights) {
    const key = [one.kind, one.rule, one.hazards.join(' ')].join('|');
    if (found.has(key)) found.get(key).levels.push(one.level);
    else found.set(key, { ...one, levels: [one.level] });
  }
  return [...found.values()];
}

function about(answer, names) {
  if (!answer.officer) return null;
  const officer = names.officerOf(answer.officer);
  const admin = isAdministrator(officer);
  const word = !officer.active ? 'rights.inactive' : admin ? 'rights.is-admin' : officer.duties.includes('publish') ? 'rights.may-release' : 'rights.may-not-release';
  return [h('p', { w: word, args: [names.officer(answer.officer)] }), h('p', { class: 'soft' }, h('span', { w: 'rights.duties' }), either('：', ': '), wordsOf('duty', officer.duties))];
}

function whatAnswer(place, answer, names, catalog) {
  const line = (one) => [h('span', { w: `kind.${one.kind}` }), levelsOf(one.levels), hazardsText(one.hazards, catalog),
    one.unit !== answer.unit ? h('span', { w: 'rights.for', args: [names.unit(one.unit)] }) : names.unit(one.unit), one.basis ?? '—', one.rule];
  fill(place, about(answer, names), answer.rights.length
    ? table('rights.what', ['rights.kind', 'rights.levels', 'rights.hazards', 'rights.unit', 'rights.basis', 'rights.row'], lines(answer.rights).map(line))
    : h('p', { class: 'bad', w: 'rights.nothing' }), when(answer));
}

// Whole classes by their name, what is left by its own.
function hazardsText(codes, catalog) {
  const have = new Set(codes);
  const whole = (code) => /00$/.test(code) && catalog.hazards.filter((one) => one.code.startsWith(code.replace(/0+$/, ''))).every((one) => have.has(one.code));
  const covered = codes.filter(whole).sort();
  const rest = codes.filter((code) => !covered.some((one) => one === code || code.startsWith(one.replace(/0+$/, ''))));
  const top = covered.filter((code) => !covered.some((one) => one !== code && code.startsWith(one.replace(/0+$/, ''))));
  return hazardNames([...top, ...rest], catalog);
}

function what({ rights, catalog, names }) {
  const whose = h('select', { id: 'whose' }, h('optgroup', { label: null, 'aria-label': t('rights.units') }, rights.units.map((one) => option(`unit ${one.id}`, one.name))),
    h('optgroup', {}, rights.officers.map((one) => option(`officer ${one.id}`, names.officer(one.id)))));
  const [units, officers] = whose.children;
  units.label = t('rights.units');
  officers.label = t('rights.officers');
  const area = areas('what-area', catalog);
  const said = h('p', { class: 'said', role: 'alert' });
  const place = h('div', { class: 'stack', role: 'status' });
  const put = () => {
    const [kind, id] = asked.what.whose.split(' ');
    ask(`/rights/what?${new URLSearchParams({ [kind]: id, area: asked.what.area })}`, said, (answer) => whatAnswer(place, answer, names, catalog));
  };
  whose.value = asked.what?.whose ?? `unit ${me().unit}`;
  if (asked.what) {
    area.value = asked.what.area;
    put();
  }
  const go = (event) => {
    event.preventDefault();
    fill(said);
    asked.what = { whose: whose.value, area: area.value };
    put();
  };
  return section('rights.what', h('form', { class: 'filters', novalidate: true, onsubmit: go }, h('div', { class: 'field broad' }, h('label', { for: 'whose', w: 'rights.whose' }), whose),
    field('what-area', 'rights.area', area), h('button', { class: 'main', w: 'rights.answer' })), said, place);
}

async function ask(path, said, show) {
  try {
    show(await get(path));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    said.textContent = problem.words;
  }
}

export function draw(place, state) {
  fill(place, who(state), what(state));
}
