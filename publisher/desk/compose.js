// SPDX-License-Identifier: Apache-2.0
// compose - writing a bulletin: from a template, from nothing, or from a draft that came in. What it would become is shown
// while it is written: what the rules say, what the policy says, each far side's text. What is typed is kept in this tab until
// it is handed in, and a draft that somebody else has changed meanwhile is not overwritten.
import { bulletinAt, call, get, post, Problem } from './api.js';
import { shapes } from './area.js';
import { link } from './bits.js';
import { authority } from './acts.js';
import { fill, h } from './dom.js';
import { boxField, choiceField, levelField, momentField, targetsField, textField, whereField } from './fields.js';
import { me } from './frame.js';
import { kinds } from './levels.js';
import { cap, contents, plain, texts } from './far_texts.js';
import { either, t } from './words.js';

const PREVIEW_MS = 700;

const kept = (id, of = null) => `tocsin-compose ${me().officer} ${id ?? of ?? 'new'}`;

// What the form does not show and must not lose.
function carried(name) {
  let value = null;
  return { name, place: null, get: () => value, set: (given) => { value = given ?? null; } };
}

function build(catalog) {
  const named = whereField(catalog.divisions);
  const parts = [choiceField('kind', kinds, (kind) => `kind.${kind}`), textField('hazard', { list: 'hazards' }), levelField(), named, shapes(named.add),
    momentField('when'), momentField('expires', [3, 6, 12, 24]), textField('headline'), textField('what', { lines: 5, most: 6000 }),
    carried('updates'), textField('measures', { lines: 2, most: 6000 }), textField('result', { lines: 2, most: 6000 }),
    textField('instruction', { lines: 3, most: 6000 }), textField('contact'), textField('incident'), boxField('languages', ['en']), boxField('plain', true), targetsField(catalog.targets)];
  return Object.fromEntries(parts.map((part) => [part.name, part]));
}

function read(fields) {
  const report = {};
  for (const { name, get: value } of Object.values(fields)) {
    const found = value();
    if (found !== null && found.length !== 0) report[name] = found;
  }
  return report;
}

// What has happened has been met by something and led to something; of what is to come there is only what to do.
function ofKind(fields, kind = fields.kind.get()) {
  fields.level.of(kind);
  for (const name of ['measures', 'result']) {
    fields[name].place.hidden = kind === 'warning' || kind === 'advisory';
    if (fields[name].place.hidden) fields[name].set(null);
  }
}

// By name where just one has it, else by code: fires are of several kinds.
function hazardText({ hazards }, code) {
  const name = hazards.find((one) => one.code === code)?.zh;
  return name && hazards.filter(({ zh }) => zh === name).length === 1 ? name : code;
}

function write(fields, report, catalog) {
  ofKind(fields, report.kind ?? 'warning');
  for (const { name, set } of Object.values(fields)) if (name in report || name !== 'targets') set(report[name]);
  if (report.hazard) fields.hazard.set(hazardText(catalog, report.hazard));
  if (!report.kind) fields.kind.set('warning');
}

function datalist(catalog) {
  return h('datalist', { id: 'hazards' }, catalog.hazards.map(({ code, zh, en }) => h('option', { value: zh }, either(code, `${code} ${en ?? ''}`))));
}

// Words of CAP that the form itself chooses: nobody who writes in it could choose others.
const ourOwn = new Set(['word.unknown']);

// Each problem stands once, under the field its path names, else above all.
function showProblems(form, general, problems) {
  for (const list of form.querySelectorAll('ul.problems')) fill(list);
  fill(general);
  const members = { headline: 'headline', description: 'what', instruction: 'instruction', areaDesc: 'where', area: 'where', shapes: 'shapes', contact: 'contact', expires: 'expires', onset: 'when' };
  const told = new Set();
  for (const one of problems) {
    const name = one.path.split('/').pop().replace(/ \(.*\)$/, '').replace(/\[\d+\]$/, '');
    const same = `${name} ${one.message}`;
    if (told.has(same) || ourOwn.has(one.rule)) continue;
    told.add(same);
    const place = form.querySelector(`[data-member="${CSS.escape(members[name] ?? name)}"] > ul.problems`) ?? general;
    place.append(h('li', { class: one.level === 'error' ? 'bad' : 'soft' }, one.level === 'error' ? '✕ ' : '• ', either(one.message_zh, one.message)));
  }
}

// of: what is released, to be updated; its words are where the new ones begin.
export const showUpdate = (main, of) => show(main, null, of);

export function show(main, id = null, of = null) {
  const state = { version: null, catalog: null, fields: null, again: null, asked: 0 };
  const form = h('form', { class: 'compose', novalidate: true, onsubmit: (event) => { event.preventDefault(); hand(true); },
    onkeydown: (event) => { if (event.key === 'Enter' && event.ctrlKey) form.requestSubmit(); } });
  const live = h('div', { class: 'side' });
  const general = h('ul', { class: 'problems general' });
  const said = h('p', { class: 'said', role: 'alert' });
  const buttons = [h('button', { class: 'main', w: 'act.submit' }),
    h('button', { type: 'button', w: 'compose.save', onclick: () => hand(false) }),
    h('button', { type: 'button', class: 'quiet', w: 'compose.drop', onclick: drop })];
  let timer = 0;
  let gone = false;

  fill(main, h('h1', of ? { w: 'compose.update', args: [of] } : { w: id ? 'compose.edit' : 'compose.title' }), h('div', { class: 'bulletin' }, form, live));

  function keep() {
    sessionStorage.setItem(kept(id, of), JSON.stringify({ version: state.version, report: read(state.fields) }));
    clearTimeout(timer);
    timer = setTimeout(preview, PREVIEW_MS);
  }

  async function preview() {
    const number = ++state.asked;
    try {
      await state.fields.shapes.look(read(state.fields));
      if (gone || number !== state.asked) return;
      const report = read(state.fields);
      const answer = await post('/preview', report);
      if (gone || number !== state.asked) return;
      const { bulletin } = answer;
      showProblems(form, general, answer.problems);
      if (answer.detail) general.append(h('li', { class: 'bad' }, either(answer.detail_zh, answer.detail)));
      fill(live, h('section', { class: 'next' }, h('h2', { w: 'compose.check' }),
        bulletin ? authority(bulletin) : h('p', { class: 'soft', w: 'compose.unfinished' }), contents(report, bulletin), general),
      bulletin && h('section', {}, h('h2', { w: 'field.headline' }), h('p', {}, h('strong', {}, bulletin.headline))),
      bulletin && [texts(bulletin), plain(bulletin), cap(bulletin)]);
    } catch (problem) {
      if (!gone && problem instanceof Problem) said.textContent = problem.words;
    }
  }

  function store() {
    const body = read(state.fields);
    if (!id) return post('/bulletins', body, { key: state.again ??= crypto.randomUUID() });
    return call('PUT', bulletinAt(id, `?version=${state.version}`), { body });
  }

  // Kept as a draft, and handed in for approval when asked to. What it refuses stays on the page with the reasons.
  async function hand(submit) {
    for (const button of buttons) button.disabled = true;
    said.textContent = t('dialog.working');
    try {
      const made = await store();
      sessionStorage.removeItem(kept(id, of));
      id = made.id;
      state.version = made.version;
      if (submit) await post(bulletinAt(id, '/submit'), undefined, { key: crypto.randomUUID() });
      location.hash = link(id);
      return;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      said.textContent = problem.words;
      if (problem.problems.length) showProblems(form, general, problem.problems);
      if (problem.status > 0) state.again = null;
      if (id) history.replaceState(null, '', `#/compose/${encodeURIComponent(id)}`);
    }
    for (const button of buttons) button.disabled = false;
  }

  function drop() {
    sessionStorage.removeItem(kept(id, of));
    location.hash = id || of ? link(id ?? of) : '#/';
  }

  function useTemplate({ currentTarget: { value } }) {
    const template = state.templates[value];
    if (!template) return;
    state.fields.kind.set(template.kind ?? 'warning');
    ofKind(state.fields);
    for (const name of ['hazard', 'level', 'what', 'instruction']) state.fields[name].set(name === 'hazard' ? hazardText(state.catalog, template.hazard) : template[name]);
    keep();
  }

  function draw() {
    const { fields, catalog, templates } = state;
    const chosen = h('select', { id: 'template', onchange: useTemplate }, h('option', { value: '', w: 'compose.no-template' }),
      templates.map((one, n) => h('option', { value: String(n) }, `${one.name} `, h('span', { w: one.kind ? `kind.${one.kind}` : `level.${one.level}` }))));
    fields.kind.control.addEventListener('change', () => ofKind(fields));
    fill(form, !id && !of && h('div', { class: 'field' }, h('label', { for: 'template', w: 'compose.template' }), chosen),
      h('div', { class: 'pair' }, fields.kind.place, fields.hazard.place), datalist(catalog), fields.level.place, fields.where.place, fields.shapes.place,
      h('div', { class: 'pair' }, fields.when.place, fields.expires.place),
      fields.what.place, fields.measures.place, fields.result.place, fields.instruction.place, fields.headline.place, h('div', { class: 'pair' }, fields.contact.place, fields.incident.place),
      h('div', { class: 'pair' }, fields.languages.place, fields.plain.place), fields.targets.place, said, h('div', { class: 'row end' }, buttons), h('p', { class: 'soft', w: 'compose.keys' }));
    form.addEventListener('input', keep);
    form.addEventListener('change', keep);
  }

  async function begin() {
    try {
      const [catalog, templates, draft] = await Promise.all([get('/catalog'), fetch('templates.json').then((file) => file.json()),
        id ? get(bulletinAt(id, '/form')) : of && get(bulletinAt(of, '/form?as=update'))]);
      if (gone) return;
      Object.assign(state, { catalog, templates: templates.templates, fields: build(catalog), version: id ? draft.version : null });
      draw();
      const mine = JSON.parse(sessionStorage.getItem(kept(id, of)) ?? 'null');
      write(state.fields, draft?.form ?? {}, catalog);
      if (!draft) {
        state.fields.when.in(0);
        state.fields.expires.in(6);
      }
      // Typed here before, and not handed in: on the version it was typed over, so that a change by others is noticed.
      if (mine) {
        write(state.fields, mine.report, catalog);
        state.version = mine.version;
        said.textContent = t('compose.kept');
      }
      preview();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (!gone) fill(main, h('p', { class: 'said', role: 'alert' }, problem.words), h('a', { href: id || of ? link(id ?? of) : '#/', w: 'bulletin.back' }));
    }
  }

  begin();
  return () => {
    gone = true;
    clearTimeout(timer);
  };
}
