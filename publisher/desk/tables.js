// SPDX-License-Identifier: Apache-2.0
// tables - a list of rows as a table that says its columns in words, and scrolls by itself where the window is narrow.
import { h } from './dom.js';

// heads: keys of words.js. rows: lists of cells (text, nodes, or lists of them); the first of a row is its head.
export function table(title, heads, rows, { number = [] } = {}) {
  const cells = ([first, ...rest]) => h('tr', {}, h('th', { scope: 'row' }, first),
    rest.map((cell, n) => h('td', { class: number.includes(n + 1) ? 'figure' : null }, cell)));
  return h('div', { class: 'wide', tabindex: '0', role: 'group', label: title },
    h('table', {}, h('caption', { class: 'only-read', w: title }),
      h('thead', {}, h('tr', {}, heads.map((w) => h('th', { scope: 'col', w })))), h('tbody', {}, rows.map(cells))));
}

export const option = (value, text) => h('option', { value }, text);
export const field = (id, w, control) => h('div', { class: 'field' }, h('label', { for: id, w }), control);
export const section = (w, ...children) => h('section', { class: 'part' }, h('h2', { w }), ...children);
