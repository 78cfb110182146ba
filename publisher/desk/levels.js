// SPDX-License-Identifier: Apache-2.0
// levels - the kinds of bulletins, the levels each has, and how a level is shown: by the same shapes as on the public page, so
// that it is known without its colour. A response's grades rank as a warning's colours.
import { h } from './dom.js';

export const kinds = ['warning', 'advisory', 'fact', 'measure', 'result', 'response', 'clarification', 'loss', 'report', 'notice'];
export const colours = ['red', 'orange', 'yellow', 'blue'];
export const grades = ['I', 'II', 'III', 'IV'];

const ranks = { I: 'red', II: 'orange', III: 'yellow', IV: 'blue' };
const shapes = { red: '◆', orange: '▲', yellow: '●', blue: '■', none: '○' };
const order = ['none', 'blue', 'yellow', 'orange', 'red'];

// The gravest first; kinds without levels have none.
export const levelsOfKind = (kind) => ({ warning: colours, response: grades }[kind] ?? []);
export const rankOf = ({ level }) => ranks[level] ?? level;
export const weight = (bulletin) => order.indexOf(rankOf(bulletin));
// Red and orange, I and II: what wakes people.
export const isGrave = (bulletin) => ['red', 'orange'].includes(rankOf(bulletin));
export const shapeOf = (level) => shapes[ranks[level] ?? level];

// What has no level is called by its kind.
export const levelWord = ({ kind, level }) => (level === 'none' ? `kind.${kind}` : `level.${level}`);

export const levelMark = (level, w = `level.${level}`) => h('span', { class: 'level', 'data-rank': rankOf({ level }) },
  h('span', { 'aria-hidden': 'true' }, shapeOf(level)), ' ', h('span', { w }));
