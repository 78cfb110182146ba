// SPDX-License-Identifier: Apache-2.0
// map - what is in force on a map of the districts, each a way to its bulletins. The same drawing as the public page's
// (map.json, made by publisher/data/draw_map.py), and the same rule of what concerns a district. A level is a colour, a pattern,
// a sign and a word. Without map.json there is no map, and the list says everything.
import { level, link } from './bits.js';
import { fill, h, steady } from './dom.js';
import { levelWord, rankOf, shapeOf, weight } from './levels.js';
import { either, t } from './words.js';

const SVG = 'http://www.w3.org/2000/svg';
const SIZE = 24;
const marks = {
  red: 'M-4-4l32 32M28-4l-32 32', orange: 'M-4 4L4-4M-4 28L28-4M20 28l8-8', yellow: 'M5 6h3M17 18h3', blue: 'M0 6h24M0 18h24',
  none: 'M6 0v24M18 0v24',
};

export function s(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
  element.append(...children.flat().filter(Boolean));
  return element;
}

// Of a code of GB/T 2260, what the codes of all divisions inside begin with.
const stem = (code) => (code.length > 6 && code.endsWith('000') ? stem(code.slice(0, -3))
  : code.length <= 6 && code.endsWith('00') ? stem(code.slice(0, -2)) : code);
export const touches = (district, code) => /^(\d{6}|\d{9}|\d{12})$/.test(code)
  && (district.startsWith(stem(code)) || code.startsWith(stem(district)));

const concerning = (district, active) => active
  .filter((bulletin) => bulletin.places.some(({ code }) => touches(district, code)))
  .sort((a, b) => weight(b) - weight(a));

const patterns = () => s('defs', {}, Object.entries(marks).map(([rank, d]) =>
  s('pattern', { id: `fill-${rank}`, 'data-rank': rank, width: SIZE, height: SIZE, patternUnits: 'userSpaceOnUse' },
    s('rect', { width: SIZE, height: SIZE }), s('path', { d }))));

// One bulletin: to it. More: they are named below the map.
function shape({ code, zh, en, path, at }, found, choose) {
  const name = either(zh, en);
  const [first] = found;
  const drawn = s('path', { d: path, ...(first ? { fill: `url(#fill-${rankOf(first)})` } : { class: 'calm' }) });
  if (!first || !at) return drawn;
  const says = `${name}${either('：', ': ')}${t(levelWord(first))}${either('，', ', ')}${first.headline}`
    + (found.length > 1 ? t('map.more', found.length) : '');
  const way = s('a', { href: found.length > 1 ? '#/' : link(first.id), 'aria-label': says, 'data-key': `map ${code}`, 'data-code': code,
    ...(found.length > 1 ? { role: 'button' } : {}) }, s('title', {}, says), drawn);
  const pressed = (event) => {
    if (event.type === 'keydown' && event.key !== ' ') return;
    event.preventDefault();
    choose(name, found);
  };
  if (found.length > 1) for (const how of ['click', 'keydown']) way.addEventListener(how, pressed);
  return way;
}

const marked = (bulletin) => `${shapeOf(bulletin.level)} ${t(levelWord(bulletin))}`;

// On the larger sheet an English word of a level would stand over the next district: there the sign says it.
function words({ zh, en, at }, [first], number) {
  if (!at) return null;
  const [x, y] = at;
  return s('text', { x, y: first ? y - 2 : y + 10, 'data-rank': first ? rankOf(first) : 'calm' }, either(zh, en.replace(/ (District|New Area)$/, '')),
    first && s('tspan', { x, dy: 34 }, number === 1 ? marked(first) : either(marked(first), shapeOf(first.level))));
}

function sheet({ width, height, larger, shapes }, number, active, choose) {
  const found = new Map(shapes.map(({ code }) => [code, concerning(code, active)]));
  const of = (one) => found.get(one.code);
  const [x, y, wide, high] = larger ?? [];
  const { mode } = document.body.dataset;
  return s('svg', { class: `sheet-${number}`, viewBox: `0 0 ${width} ${height}`, role: 'group', 'aria-label': t(number === 1 ? 'map.title' : 'map.larger') },
    number === 1 && patterns(), shapes.map((one) => shape(one, of(one), choose)),
    s('g', { 'aria-hidden': 'true' },
      mode !== 'live' && s('text', { class: 'not-live', transform: `translate(${width / 2} ${height / 2}) rotate(-30)` }, t(`mode.${mode}`)),
      larger && s('rect', { class: 'larger', x, y, width: wide, height: high }), shapes.map((one) => words(one, of(one), number))));
}

const line = (bulletin) => h('li', {}, level(bulletin), h('a', { href: link(bulletin.id), 'data-key': `chosen ${bulletin.id}` }, bulletin.headline));

function draw(sheets, active) {
  const chosen = h('div', { class: 'chosen' });
  const choose = (name, found) => {
    fill(chosen, h('h3', {}, name), h('ul', {}, found.map(line)));
    chosen.querySelector('a').focus();
  };
  const [first, ...rest] = sheets.map((one, n) => sheet(one, n + 1, active, choose));
  return h('div', { class: 'sheets' }, first, h('div', {}, rest, chosen));
}

export async function readSheets() {
  const answer = await fetch('map.json').catch(() => null);
  return answer?.ok ? (await answer.json()).sheets : null;
}

// A part of the board: put(active) draws what is in force.
export function mapSection() {
  const drawing = h('div', {});
  const fresh = h('button', { type: 'button', class: 'fresh', w: 'board.fresh' });
  const place = h('section', { class: 'list map', 'aria-labelledby': 'h-map', hidden: true }, h('h2', { id: 'h-map', w: 'map.title' }), drawing, fresh);
  const put = steady(place, ([sheets, active]) => {
    place.hidden = !active.length;
    fill(drawing, draw(sheets, active));
  });
  const sheets = readSheets();
  fresh.addEventListener('click', put.now);
  return { place, put: async (active) => (await sheets) && put([await sheets, active]) };
}
