// SPDX-License-Identifier: Apache-2.0
// area - areas that are drawn: by pointer on the map of the districts, by typing the same corners, or out of a file; and
// whom all that is named or drawn concerns, in the server's words. What is drawn is text that can be read and typed: the map
// only writes into it, so that nothing needs a pointer.
import { readAreaFile, Refusal } from './area_file.js';
import { Problem, post } from './api.js';
import { fill, h } from './dom.js';
import { readSheets, s } from './map.js';
import { either, t } from './words.js';

const decimals = 4; // ten metres

// "lat,lon" of each corner, one a line or parted by blanks; blanks around a comma are no parting.
const cornersOf = (text) => text.trim().replace(/\s*[,，]\s*/g, ',').split(/\s+/).filter(Boolean);

// As CAP writes it. What is no corner is left to the server to refuse in words.
function reportOf({ type, name, text, codes }) {
  const corners = cornersOf(text);
  if (!corners.length) return null;
  if (type === 'polygon' && corners.length > 2 && corners[0] !== corners.at(-1)) corners.push(corners[0]);
  return { [type]: corners.join(' '), ...(name.trim() && { name: name.trim() }), ...(codes?.length && { codes }) };
}

// --- the map -------------------------------------------------------------------------------------------------------

function drawnPath({ ground: [west, north, wide, high] }, shape) {
  const points = cornersOf(shape.text).map((corner) => corner.split(',').map(Number)).filter((at) => at.length === 2 && at.every(Number.isFinite));
  const at = ([lat, lon]) => [(lon - west) * wide, (north - lat) * high];
  if (shape.type === 'circle') {
    const km = Number(cornersOf(shape.text)[1]);
    if (!points.length) return null;
    const [x, y] = at(points[0]);
    return s('circle', { class: 'drawn', cx: x, cy: y, r: Math.max(5, km > 0 ? (km / 111.195) * high : 0) });
  }
  if (points.length === 1) return s('circle', { class: 'drawn', cx: at(points[0])[0], cy: at(points[0])[1], r: 5 });
  return points.length > 1 && s('polygon', { class: 'drawn', points: points.map((one) => at(one).map((n) => n.toFixed(1)).join(',')).join(' ') });
}

function whereOn(svg, { ground: [west, north, wide, high] }, event) {
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  return [north - y / high, west + x / wide];
}

const kilometres = ([lat, lon], [other, there]) => Math.hypot(lat - other, (lon - there) * Math.cos((lat * Math.PI) / 180)) * 111.195;

// A click is a corner more; of a circle the first is its middle, each further one its rim.
function clicked(shape, place) {
  const corners = cornersOf(shape.text);
  const said = place.map((one) => one.toFixed(decimals)).join(',');
  if (shape.type === 'polygon') return [...corners, said].join('\n');
  if (!corners.length) return said;
  return `${corners[0]} ${Math.max(0.1, kilometres(corners[0].split(',').map(Number), place)).toFixed(1)}`;
}

// --- the field -----------------------------------------------------------------------------------------------------

export function shapes(addCodes) {
  let list = [];
  let active = null;
  let sheet = null;
  const items = h('ul', { class: 'shapes' });
  const drawing = h('div', { class: 'sheets drawing', hidden: true });
  const said = h('p', { class: 'said', role: 'alert' });
  const found = h('div', { class: 'found', role: 'status' });
  const file = h('input', { type: 'file', id: 'f-area-file', accept: '.json,.geojson,.kml,.txt,.csv', onchange: fromFile });
  const whole = h('input', { type: 'checkbox', id: 'f-whole' });
  const place = h('fieldset', { class: 'field f-shapes', 'data-member': 'shapes' }, h('legend', { w: 'compose.shapes' }),
    h('div', { class: 'row' }, h('button', { type: 'button', w: 'area.polygon', onclick: () => start('polygon') }),
      h('button', { type: 'button', w: 'area.circle', onclick: () => start('circle') }),
      h('div', { class: 'field' }, h('label', { for: 'f-area-file', w: 'area.file' }), file)),
    // What is answered stands below: nothing moves the map under the pointer.
    said, h('div', { class: 'drawn-pair' }, h('div', {}, items, h('label', { class: 'box whole', hidden: true }, whole, h('span', { w: 'area.whole' }))), drawing),
    h('ul', { class: 'problems' }), found);

  const changed = () => place.dispatchEvent(new Event('input', { bubbles: true }));

  function redraw() {
    drawing.hidden = !list.length || !sheet;
    place.querySelector('.whole').hidden = !list.length;
    if (drawing.hidden) return;
    const svg = s('svg', { viewBox: `0 0 ${sheet.width} ${sheet.height}`, role: 'img', 'aria-label': t('area.map') },
      sheet.shapes.map((one) => s('path', { class: 'calm', d: one.path })),
      s('g', { 'aria-hidden': 'true' }, sheet.shapes.map((one) => one.at && s('text', { x: one.at[0], y: one.at[1] + 10, 'data-rank': 'calm' }, either(one.zh, ''))),
        list.map((shape) => drawnPath(sheet, shape))));
    svg.addEventListener('click', (event) => {
      if (!active) return;
      active.box.value = clicked(active, whereOn(svg, sheet, event));
      active.text = active.box.value;
      redraw();
      changed();
    });
    fill(drawing, svg, h('p', { class: 'soft', w: 'area.map.says' }));
  }

  function item(shape) {
    const number = list.indexOf(shape) + 1;
    const take = (name) => (event) => { shape[name] = event.target.value; active = shape; redraw(); };
    shape.box = h('textarea', { id: `f-shape-${number}`, rows: shape.type === 'polygon' ? '4' : '1', autocomplete: 'off', value: shape.text,
      onfocus: () => { active = shape; }, oninput: take('text') });
    shape.box.value = shape.text;
    return h('li', {}, h('div', { class: 'field' }, h('label', { for: `f-shape-${number}`, w: `area.${shape.type}.corners`, args: [number] }), shape.box),
      h('div', { class: 'field' }, h('label', { for: `f-shape-name-${number}`, w: 'area.name', args: [number] }),
        h('input', { id: `f-shape-name-${number}`, maxlength: '100', autocomplete: 'off', value: shape.name, oninput: take('name') })),
      h('button', { type: 'button', class: 'quiet', w: 'area.remove', args: [number], onclick: () => { put(list.filter((one) => one !== shape)); changed(); place.querySelector('button').focus(); } }));
  }

  function put(values) {
    list = values;
    active = list.at(-1) ?? null;
    fill(items, list.map(item));
    redraw();
  }

  function start(type) {
    put([...list, { type, name: '', text: '' }]);
    active.box.focus();
  }

  async function fromFile() {
    const [one] = file.files;
    if (!one) return;
    said.textContent = '';
    try {
      const area = await readAreaFile(one);
      put([...list, ...area.shapes]);
      if (area.codes.length) addCodes(area.codes);
      changed();
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      said.textContent = t(problem.key, ...problem.args);
    }
    file.value = '';
  }

  readSheets().then((sheets) => {
    sheet = sheets?.[0]?.ground ? sheets[0] : null;
    redraw();
  });

  return { name: 'shapes', place,
    get: () => list.map((shape) => reportOf({ ...shape, codes: whole.checked ? shape.codes : null })).filter(Boolean),
    set: (values) => {
      whole.checked = (values ?? []).some(({ codes }) => codes);
      put((values ?? []).map((one) => ({ type: one.polygon ? 'polygon' : 'circle', name: one.name ?? '', text: one.polygon ? one.polygon.replace(/ /g, '\n') : one.circle, codes: one.codes })));
    },
    // Whom it concerns, asked of the server: what is said here is what submission will say.
    look: async (report) => {
      const drawn = list.filter((shape) => reportOf(shape));
      const { where, hazard, kind, level } = report;
      if (!where?.length && !drawn.length) return fill(found);
      try {
        const asked = drawn.length ? drawn.map((shape) => reportOf({ ...shape, codes: null })) : undefined;
        const answer = await post('/areas', { where, shapes: asked, hazard, kind, level }, { unattended: true });
        drawn.forEach((shape, n) => { shape.codes = answer.shapes[n] ?? []; });
        fill(found, answered(answer));
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        fill(found);
      }
    } };
}

// --- the answer ----------------------------------------------------------------------------------------------------

const mark = { true: '✓', false: '✕', null: '·' };

function line({ zh, en, by, inside, people }) {
  return h('li', { class: inside === false ? 'bad' : null }, h('span', { 'aria-hidden': 'true' }, `${mark[inside]} `), h('strong', {}, either(zh, en)), ' ',
    by === 'shape' && h('span', { class: 'soft', w: 'area.touched' }), ' ', inside === false && h('span', { w: 'area.outside' }), ' ',
    inside === true && h('span', { class: 'only-read', w: 'area.inside' }), people !== null && h('span', { class: 'soft', w: 'area.people', args: [people.toLocaleString('en')] }));
}

function answered({ places, people, counted, problems }) {
  const sources = [...new Set(places.map(({ source }) => source).filter(Boolean))];
  return [problems.map((one) => h('p', { class: 'bad' }, '✕ ', either(one.message_zh, one.message))),
    places.length > 0 && h('h3', { w: 'area.concerns' }), h('ul', {}, places.map(line)),
    counted && places.length > 0 && h('p', {}, people === null ? h('span', { class: 'soft', w: 'area.no-sum' })
      : [h('strong', { w: 'area.sum', args: [people.toLocaleString('en')] }), ' ', h('span', { class: 'soft', w: 'area.source', args: [sources.join('；')] })])];
}
