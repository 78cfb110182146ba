// SPDX-License-Identifier: Apache-2.0
// bits - the small things several pages show the same way: a level, places, moments, how long there is left.
import { h } from './dom.js';
import { levelMark, levelWord } from './levels.js';
import { beijing, now } from './live.js';
import { either, t } from './words.js';

export const level = (bulletin) => levelMark(bulletin.level, levelWord(bulletin));

export const places = ({ places: list }) => list.map(({ zh, en }) => either(zh, en)).join(either('、', ', '));
export const hazard = (bulletin) => either(bulletin.hazard_zh, bulletin.hazard_en);
export const state = (thing) => either(thing.state_zh, thing.state);

// "2026-11-24T07:44:24+08:00" is said as it stands: every moment of the house is Beijing's. The year only where it helps.
export function moment(text, seconds = false) {
  if (!text) return '—';
  const [date, time] = [text.slice(0, 10), text.slice(11, seconds ? 19 : 16)];
  const today = beijing(now()).slice(0, 10);
  return date === today ? time : `${date.slice(0, 4) === today.slice(0, 4) ? date.slice(5) : date} ${time}`;
}

// How long until then, kept up to date in place; "overdue" is a word and a shape, too.
export function until(text) {
  const element = h('span', { class: 'until', 'data-until': text });
  count(element);
  return element;
}

function count(element) {
  const left = Date.parse(element.dataset.until) - now();
  const long = length(Math.abs(left));
  element.classList.toggle('over', left < 0);
  element.classList.toggle('soon', left >= 0 && left < 5 * 60000);
  element.textContent = t(left < 0 ? 'until.over' : 'until.left', long);
}

// How long ago that was, likewise.
export function ago(text) {
  const element = h('small', { 'data-ago': text });
  countAgo(element);
  return element;
}

function countAgo(element) {
  element.textContent = t('intake.ago', length(Math.max(0, now() - Date.parse(element.dataset.ago))));
}

setInterval(() => {
  for (const element of document.querySelectorAll('[data-until]')) count(element);
  for (const element of document.querySelectorAll('[data-ago]')) countAgo(element);
}, 1000);

// A length of time in ms, as people say it.
export function length(ms) {
  const minutes = Math.floor(ms / 60000);
  return minutes >= 60 ? t('until.hours', Math.floor(minutes / 60), minutes % 60)
    : minutes >= 1 ? t('until.minutes', minutes) : t('until.seconds', Math.floor(ms / 1000));
}

const marks = { delivered: '✓', waiting: '…', sending: '→', rejected: '✕', expired: '✕', superseded: '–', withdrawn: '–', unknown: '?' };
const worst = ['rejected', 'unknown', 'expired', 'sending', 'waiting', 'withdrawn', 'superseded', 'delivered'];

export const deliveryMark = (word) => h('span', { class: 'delivery', 'data-state': word },
  h('span', { 'aria-hidden': 'true' }, marks[word]), ' ', h('span', { w: `delivery.${word}` }));
export const worstOf = (states) => worst.find((one) => states[one]);

// A far side is called by its kind where it bears its kind's name, else by its own.
export const channel = (target) => h('span', { w: `channel.${target}` });

export const link = (bulletin) => `#/b/${encodeURIComponent(bulletin)}`;
