// SPDX-License-Identifier: Apache-2.0
// shift - the watch handed over (交接班): who goes makes a page of what stands at this moment and signs it, who comes reads it and
// signs it too. The words are those of the text that is signed.
import { get, post, Problem } from './api.js';
import { moment } from './bits.js';
import { fill, h } from './dom.js';
import { me, onLanguage } from './frame.js';
import { keepFresh } from './live.js';
import { shiftProof } from './passkey.js';
import { either } from './words.js';

const parts = ['active', 'waiting', 'due', 'sick', 'remarks'];
const at = (id) => `/shifts/${encodeURIComponent(id)}`;
const link = (id) => `#/shift/${encodeURIComponent(id)}`;
const isPage = ({ ref }) => /^s\d+$/.test(ref);

// The page that waits for the signature of whoever sits here, or undefined.
export async function waiting() {
  const { shifts } = await get('/shifts', { unattended: true });
  return shifts.find(({ next }) => next === me()?.officer);
}

// It, as a card among what is theirs to do.
export const handOver = ({ id, from, to, made }) => h('li', { class: 'card shift-waits', 'data-rank': 'none' },
  h('div', { class: 'what' }, h('div', { class: 'top' }, h('strong', { w: 'shift.title' }), h('span', { class: 'soft' }, moment(made))),
    h('a', { class: 'headline', href: link(id), 'data-key': `head ${id}`, w: 'shift.waits', args: [from, to] })),
  h('a', { class: 'button main', href: link(id), role: 'button', w: 'shift.look', 'data-key': `next ${id}` }));

// --- one page -------------------------------------------------------------------------------------------------------------

const words = (line) => {
  const id = /^(b\d+) /.exec(line)?.[1];
  return id ? [h('a', { href: `#/b/${id}` }, id), line.slice(id.length)] : line;
};

const part = (page) => (name) => h('section', { class: `shift-${name}` }, h('h2', { w: `shift.${name}`, args: [page[name].length] }),
  page[name].length ? h('ul', {}, page[name].map((line) => h('li', {}, words(line)))) : h('p', { class: 'soft', w: 'shift.none' }));

const signature = (w, officer, signed) => h('li', {}, h('strong', { w }), ` ${officer} `,
  signed ? h('span', { class: 'good' }, `✓ ${moment(signed.time, true)}`) : h('span', { class: 'soft', w: 'shift.unsigned' }));

function sheet(page, act) {
  const mine = page.next === me().officer;
  return [
    h('div', { class: 'head' }, h('div', { class: 'top' }, h('a', { class: 'back', href: '#/shift', w: 'shift.back' }),
      h('span', { class: 'state', 'data-state': page.state }, either(page.state_zh, page.state)), h('span', { class: 'soft' }, page.id)),
    h('h1', { w: 'shift.page', args: [page.unit, moment(page.made)] }),
    h('p', { class: 'soft' }, h('span', { w: `mode.${page.mode}` }), ' · ', h('span', { w: 'fact.digest' }), ` ${page.digest.slice(0, 4)} ${page.digest.slice(4, 8)}`)),
    h('section', { class: 'next' }, h('h2', { w: 'shift.signatures' }),
      h('ul', { class: 'sign-offs' }, signature('shift.from', page.from, page.handed), signature('shift.to', page.to, page.taken)),
      mine && h('button', { type: 'button', class: 'main', w: page.state === 'made' ? 'shift.hand' : 'shift.take', 'data-key': 'sign', onclick: act }),
      !mine && page.next && h('p', { class: 'soft', w: 'shift.wait', args: [page.next] }),
      !page.next && page.state !== 'taken' && h('p', { class: 'bad', w: 'shift.over' })),
    h('div', { class: 'sheet-of-shift' }, parts.map(part(page))),
    h('div', { class: 'row paper' }, h('button', { type: 'button', class: 'small', w: 'export.print', onclick: () => print() }))];
}

function showPage(main, id) {
  const place = h('div', { class: 'shift' });
  const said = h('p', { class: 'said', role: 'alert' });
  let page = null;

  fill(main, place, said);
  const draw = () => page && fill(place, sheet(page, sign));

  async function load() {
    try {
      const found = await get(at(id), { unattended: true });
      if (JSON.stringify(found) !== JSON.stringify(page)) {
        page = found;
        draw();
      }
    } catch (problem) {
      if (problem.passing) fresh.later();
      else if (problem.status !== 401) said.textContent = problem.words;
    }
  }

  async function sign({ currentTarget: button }) {
    button.disabled = true;
    fill(said, h('span', { w: 'dialog.working' }));
    try {
      page = await post(`${at(id)}/proofs`, await shiftProof(id, page.digest), { key: crypto.randomUUID() });
      fill(said);
      draw();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      said.textContent = problem.words;
      button.disabled = false;
    }
  }

  const fresh = keepFresh(load, isPage);
  const leave = [fresh.end, onLanguage(draw)];
  load();
  return () => leave.forEach((end) => end());
}

// --- all of them, and a new one ---------------------------------------------------------------------------------------------

const row = (one) => h('tr', {}, h('th', { scope: 'row' }, h('a', { href: link(one.id), 'data-key': one.id }, one.id)), h('td', { class: 'figure' }, moment(one.made)),
  h('td', {}, `${one.from} → ${one.to}`), h('td', {}, either(one.state_zh, one.state)));

function showAll(main) {
  const to = h('select', { id: 'to', required: true });
  const remarks = h('textarea', { id: 'remarks', rows: '4', maxlength: '600' });
  const button = h('button', { class: 'main', w: 'shift.make' });
  const said = h('p', { class: 'said', role: 'alert' });
  const list = h('tbody', {});
  let known = '';

  async function make(event) {
    event.preventDefault();
    button.disabled = true;
    fill(said, h('span', { w: 'dialog.working' }));
    try {
      const made = await post('/shifts', { to: to.value, remarks: remarks.value }, { key: crypto.randomUUID() });
      location.hash = link(made.id);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      said.textContent = problem.words;
      button.disabled = false;
    }
  }

  function draw(found) {
    const people = JSON.stringify(found.people);
    if (people !== known) fill(to, found.people.map(({ officer, name }) => h('option', { value: officer }, name === officer ? officer : `${name}（${officer}）`)));
    known = people;
    fill(list, found.shifts.map(row));
  }

  async function load() {
    try {
      draw(await get('/shifts', { unattended: true }));
    } catch (problem) {
      if (problem.passing) fresh.later();
      else if (problem.status !== 401) said.textContent = problem.words;
    }
  }

  const heads = ['number', 'made', 'who', 'state'].map((name) => h('th', { scope: 'col', w: `shift.col.${name}` }));
  fill(main, h('h1', { w: 'shift.title' }), h('p', { class: 'soft', w: 'shift.says' }),
    h('div', { class: 'bulletin' },
      h('form', { class: 'compose', onsubmit: make }, h('div', { class: 'field' }, h('label', { for: 'to', w: 'shift.to' }), to),
        h('div', { class: 'field' }, h('label', { for: 'remarks', w: 'shift.remark' }), remarks), said, h('div', { class: 'row end' }, button)),
      h('section', { class: 'shift-all' }, h('h2', { w: 'shift.earlier' }), h('div', { class: 'wide', tabindex: '0', role: 'group', label: 'shift.earlier' },
        h('table', {}, h('thead', {}, h('tr', {}, heads)), list)))));
  const fresh = keepFresh(load, isPage);
  const leave = [fresh.end, onLanguage(load)];
  load();
  return () => leave.forEach((end) => end());
}

export const show = (main, id) => (id ? showPage(main, id) : showAll(main));
