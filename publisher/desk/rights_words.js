// SPDX-License-Identifier: Apache-2.0
// rights_words - the policy's codes and lists as words: patterns of hazards and areas by their names, levels with their shapes.
import { h } from './dom.js';
import { colours, grades, kinds, shapeOf } from './levels.js';
import { either, t } from './words.js';

const grave = [...grades, ...colours, 'none'];
export const isEveryLevel = (levels) => levels.length === grave.length;
const comma = () => either('、', ', ');

const inOrder = (levels) => [...levels].sort((a, b) => grave.indexOf(a) - grave.indexOf(b));

export const levelsOf = (levels) => h('span', {}, inOrder(levels)
  .map((one, n) => [n > 0 && ' ', h('span', { 'aria-hidden': 'true' }, shapeOf(one)), h('span', { w: `level.${one}` })]));

// Where there is little room: the shapes, which a legend names; who does not see them hears the words.
const short = { I: '◆Ⅰ', II: '▲Ⅱ', III: '●Ⅲ', IV: '■Ⅳ' };
export const levelsShort = (levels) => [h('span', { 'aria-hidden': 'true' }, inOrder(levels).map((one) => short[one] ?? shapeOf(one)).join('')),
  h('span', { class: 'only-read' }, wordsOf('level', inOrder(levels)))];
export const legend = () => h('p', { class: 'soft' }, [...colours, 'none'].map((one) => `${shapeOf(one)} ${t(`level.${one}`)}`).join('  '));

export const wordsOf = (family, list) => list.map((one) => t(`${family}.${one}`)).join(comma());
// Where naming all of them says "all".
export const kindsText = (list) => (list.length === kinds.length ? t('rights.every') : wordsOf('kind', list));

// A pattern's own name where the catalog has it: 11B* is what 11B00 is called.
function hazardName(pattern, { hazards }) {
  if (pattern === '*') return t('rights.every');
  const stem = pattern.replace('*', '');
  const code = pattern.endsWith('*') || stem.length < 5 ? stem.padEnd(5, '0') : stem;
  const found = hazards.find((one) => one.code === code);
  return found ? either(found.zh, found.en) : pattern;
}
// The first of many.
export const hazardsShort = (patterns, catalog) => (patterns.length > 4
  ? t('rights.more', hazardNames(patterns.slice(0, 3), catalog), patterns.length) : hazardNames(patterns, catalog));
export const hazardNames = (patterns, catalog) => patterns.map((one) => hazardName(one, catalog)).join(comma());

function areaName(pattern, { divisions }) {
  const stem = pattern.replace('*', '');
  const found = divisions.find(({ code }) => code === stem.padEnd(6, '0'));
  return found ? either(found.zh, found.en) : pattern;
}
export const areasText = (areas, catalog) => (areas.length ? areas.map((one) => areaName(one, catalog)).join(comma()) : t('rights.every'));
export const channelsText = (channels) => (!channels.length || channels.includes('*') ? t('rights.every') : wordsOf('channel', channels));
export const term = ({ from, until }) => (from || until ? `${from ? from.slice(0, 10) : ''} – ${until ? until.slice(0, 10) : ''}` : t('rights.always'));

export function namesOf({ units, officers }) {
  const unit = new Map(units.map((one) => [one.id, one.name]));
  const officer = new Map(officers.map((one) => [one.id, one]));
  const officerText = (id) => (officer.has(id) && officer.get(id).name !== id ? `${officer.get(id).name} ${id}` : id);
  return { unit: (id) => unit.get(id) ?? id, officer: officerText, officerOf: (id) => officer.get(id) };
}
