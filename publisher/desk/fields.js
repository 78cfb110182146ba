// SPDX-License-Identifier: Apache-2.0
// fields - the parts of the form a bulletin is written in, each with a way to read it, to set it and to hear of a change.
import { fill, h } from './dom.js';
import { levelMark, levelsOfKind } from './levels.js';
import { beijing, now } from './live.js';
import { either } from './words.js';

const WHOLE = 'municipality';

// name: the report's member, which is also where a problem's path points.
const field = (name, control, more = {}) => h('div', { class: `field f-${name}`, 'data-member': name, ...more },
  h('label', { for: `f-${name}`, w: `compose.${name}` }), control, h('ul', { class: 'problems' }));

export function textField(name, { lines = 1, most = 300, list = null } = {}) {
  const control = h(lines > 1 ? 'textarea' : 'input', { id: `f-${name}`, maxlength: String(most), rows: lines > 1 ? String(lines) : null, list, autocomplete: 'off' });
  return { name, place: field(name, control), get: () => control.value.trim() || null, set: (value) => { control.value = value ?? ''; } };
}

export function choiceField(name, values, word) {
  const control = h('select', { id: `f-${name}` }, values.map((value) => h('option', { value, w: word(value) })));
  return { name, place: field(name, control), get: () => control.value, set: (value) => { control.value = value; }, control };
}

// A moment of Beijing's, to the minute.
export function momentField(name, quick = []) {
  const control = h('input', { id: `f-${name}`, type: 'datetime-local' });
  const inHours = (hours) => beijing(now().getTime() + hours * 3600000).slice(0, 16);
  const buttons = quick.map((hours) => h('button', { type: 'button', class: 'quick', w: 'compose.hours', args: [hours], onclick: () => {
    control.value = inHours(hours);
    control.dispatchEvent(new Event('input', { bubbles: true }));
  } }));
  const place = field(name, h('div', { class: 'row moment' }, control, buttons));
  return { name, place, get: () => (control.value ? `${control.value}:00+08:00` : null), set: (value) => { control.value = value ? value.slice(0, 16) : ''; },
    in: (hours) => { control.value = inHours(hours); } };
}

function box(type, name, value, label) {
  return h('label', { class: 'box' }, h('input', { type, name, value }), label);
}

function group(name, boxes) {
  return h('fieldset', { class: `field f-${name}`, 'data-member': name }, h('legend', { w: `compose.${name}` }),
    h('div', { class: 'boxes' }, boxes), h('ul', { class: 'problems' }));
}

const inputs = (place) => [...place.querySelectorAll('input')];

// Which levels there are depends on the kind: colours for a warning, grades for a response.
export function levelField() {
  const place = group('level', []);
  const holder = place.querySelector('.boxes');
  const get = () => inputs(place).find((one) => one.checked)?.value ?? 'none';
  function set(value) {
    for (const one of inputs(place)) one.checked = one.value === value;
  }
  function of(kind) {
    const before = get();
    const values = levelsOfKind(kind);
    fill(holder, values.map((value) => box('radio', 'level', value, levelMark(value))));
    place.hidden = values.length === 0;
    set(before);
  }
  of('warning');
  return { name: 'level', place, get, set, of };
}

// The whole city and its parts exclude each other: an area is never said twice.
export function whereField(divisions) {
  const shown = divisions.filter(({ level: one }) => one !== 'grouping');
  const place = group('where', shown.map((one) => box('checkbox', 'where', one.code, either(one.zh, one.en))));
  const others = h('input', { id: 'f-codes', maxlength: '6000', autocomplete: 'off' });
  const boxes = () => inputs(place).filter((one) => one.type === 'checkbox');
  const typed = () => others.value.split(/[\s,;，；、]+/).filter(Boolean);
  place.querySelector('.boxes').after(h('div', { class: 'field' }, h('label', { for: 'f-codes', w: 'compose.codes' }), others));
  const whole = new Set(shown.filter((one) => one.level === WHOLE).map(({ code }) => code));
  place.addEventListener('change', ({ target }) => {
    if (target.checked) for (const one of boxes()) if (whole.has(one.value) !== whole.has(target.value)) one.checked = false;
  });
  const get = () => [...boxes().filter((one) => one.checked).map(({ value }) => value), ...typed()];
  function set(values) {
    const wanted = values ?? [];
    for (const one of boxes()) one.checked = wanted.includes(one.value);
    others.value = wanted.filter((code) => !boxes().some(({ value }) => value === code)).join(' ');
  }
  return { name: 'where', place, get, set, add: (values) => set([...new Set([...get(), ...values])]) };
}

// Asked for or not: a list of words, or true; null when none is ticked.
export function boxField(name, value) {
  const place = group(name, box('checkbox', name, String(value), h('span', { w: `compose.${name}.box` })));
  const [control] = inputs(place);
  return { name, place, get: () => (control.checked ? value : null), set: (given) => { control.checked = Array.isArray(value) ? given?.includes(value[0]) ?? false : given === value; } };
}

export function targetsField(list) {
  const place = group('targets', list.map((one) => box('checkbox', 'targets', one.name, h('span', { w: `channel.${one.name}` }))));
  const usual = list.filter((one) => one.default).map(({ name }) => name);
  const set = (values) => { for (const one of inputs(place)) one.checked = (values ?? usual).includes(one.value); };
  set(null);
  return { name: 'targets', place, set, get: () => inputs(place).filter((one) => one.checked).map(({ value }) => value) };
}
