// SPDX-License-Identifier: Apache-2.0
// reading - the words of a bulletin as whoever judges them must see them: what was found is marked where it stands, what has
// changed is shown beside what it was.
import { level, link, moment } from './bits.js';
import { h } from './dom.js';
import { either } from './words.js';

// /alert/info[1]/headline -> its name; a path we have no word for is shown as it is.
const names = ['headline', 'description', 'instruction', 'areaDesc', 'senderName', 'contact', 'event', 'note', 'web', 'audience'];
const lastOf = (path) => path.split('/').pop().replace(/\[\d+\]$/, '');

function nameOf(path) {
  const last = lastOf(path);
  return names.includes(last) ? h('h3', { w: `field.${last}` }) : h('h3', { class: 'soft' }, path);
}

// A hit's place is counted in characters, not in UTF-16 units.
function marked(text, hits) {
  const characters = [...text];
  const parts = [];
  let at = 0;
  for (const { start, length, message, message_zh } of [...hits].sort((a, b) => a.start - b.start)) {
    if (start < at || length === 0) continue;
    const why = either(message_zh, message);
    parts.push(characters.slice(at, start).join(''),
      h('mark', { title: why }, characters.slice(start, start + length).join(''), h('span', { class: 'only-read' }, `（${why}）`)));
    at = start + length;
  }
  return [...parts, characters.slice(at).join('')];
}

function found(hits) {
  return hits.length > 0 && h('ul', { class: 'hits' }, hits.map((hit) => h('li', {}, '✕ ', either(hit.message_zh, hit.message))));
}

export function words(b) {
  const hits = b.hits ?? [];
  const known = new Set(b.words.map(({ path }) => path));
  const main = b.words.filter(({ path }) => names.includes(lastOf(path)));
  const rest = b.words.filter(({ path }) => !names.includes(lastOf(path)));
  const one = ({ path, text }, again) => {
    const here = hits.filter((hit) => hit.path === path);
    return h('div', { class: again ? 'word again' : 'word' }, !again && nameOf(path), h('p', {}, marked(text, here)), found(here));
  };
  const elsewhere = hits.filter(({ path, length }) => !known.has(path) || length === 0);
  return h('section', { class: 'words' }, h('h2', { w: 'words.title' }), found(elsewhere),
    main.map((word, n) => one(word, n > 0 && lastOf(main[n - 1].path) === lastOf(word.path))),
    rest.length > 0 && h('details', { open: rest.some(({ path }) => hits.some((hit) => hit.path === path)) },
      h('summary', { w: 'words.more', args: [rest.length] }), rest.map((word) => one(word))));
}

export function changes(b) {
  if (!b.changes?.fields.length) return null;
  return h('section', { class: 'changes' }, h('h2', { w: 'changes.title', args: [moment(b.changes.time)] }),
    b.changes.fields.map(({ field, before, after }) => h('div', { class: 'change' },
      field.startsWith('/') ? nameOf(field) : h('h3', {}, field),
      h('p', {}, h('del', {}, h('span', { class: 'only-read', w: 'changes.before' }), before || '—')),
      h('p', {}, h('ins', {}, h('span', { class: 'only-read', w: 'changes.after' }), after || '—')))));
}

export function conflicts(b) {
  if (!b.conflicts?.length) return null;
  return h('section', { class: 'conflicts' }, h('h2', { w: 'conflicts.title' }),
    h('ul', {}, b.conflicts.map((one) => h('li', {}, level(one), ' ', h('a', { href: link(one.id) }, one.headline), ' ', one.unit))));
}
