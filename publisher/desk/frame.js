// SPDX-License-Identifier: Apache-2.0
// frame - what stands around every page: which mode this house is in, the clock, whether the server is there, who is signed
// in. The mode is said in words, by a shape and by a pattern, so that no eye and no screen can miss it.
import { h, fill, speakAll } from './dom.js';
import { signOut, whoAmI } from './api.js';
import * as live from './live.js';
import * as sound from './sound.js';
import { language, setLanguage, t } from './words.js';

const shapes = { live: '●', exercise: '▲', test: '■' };
const IDLE_WARNING_MS = 120000;
const themePlace = 'tocsin-theme';
const languageListeners = new Set();

const band = h('div', { class: 'mode' });
const clock = h('time', { class: 'clock' });
const line = h('span', { class: 'line', role: 'status' });
const person = h('div', { class: 'who' });
const pages = h('nav', { class: 'pages' });
const lost = h('div', { class: 'lost', role: 'alert', hidden: true });
const fault = h('div', { class: 'lost', role: 'alert', hidden: true });
const idle = h('div', { class: 'idle', role: 'alert', hidden: true });

export const main = h('main', { id: 'main', tabindex: '-1' });

// --- mode, language, theme -----------------------------------------------------------------------------------------

export function showHouse({ mode, node }) {
  document.body.dataset.mode = mode;
  fill(band, h('span', { class: 'shape', 'aria-hidden': 'true' }, shapes[mode]), h('strong', { w: `mode.${mode}` }),
    h('span', { w: `mode.${mode}.says` }), h('span', { class: 'node' }, node));
}

function title() {
  const { mode } = document.body.dataset;
  document.title = `${mode ? `[${t(`mode.${mode}`)}] ` : ''}${t('name')} ${t('board.title')}`;
}

export function onLanguage(listener) {
  languageListeners.add(listener);
  return () => languageListeners.delete(listener);
}

function switchLanguage() {
  setLanguage(language() === 'zh' ? 'en' : 'zh');
  speakAll();
  title();
  tick();
  for (const listener of languageListeners) listener();
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem(themePlace, theme);
}

function switchTheme(event) {
  setTheme(document.documentElement.dataset.theme === 'light' ? 'dark' : 'light');
  event.currentTarget.dataset.w = themeWord();
  speakAll(event.currentTarget.parentElement);
}

const soundWord = () => (sound.isOn() ? 'sound.on' : 'sound.off');

function switchSound(event) {
  sound.turn();
  event.currentTarget.dataset.w = soundWord();
  speakAll(event.currentTarget.parentElement);
}

const themeWord = () => (document.documentElement.dataset.theme === 'light' ? 'theme.dark' : 'theme.light');

// --- clock and line ------------------------------------------------------------------------------------------------

const clockFormat = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' });
const timeText = () => clockFormat.format(live.now());

function tick() {
  const [date, time] = timeText().split(' ');
  fill(clock, h('span', {}, date), h('strong', {}, time), h('span', { class: 'zone', w: 'zone' }));
  watchIdle();
}

function showLine(up) {
  line.dataset.up = up;
  fill(line, h('span', { class: 'shape', 'aria-hidden': 'true' }, up ? '●' : '✕'),
    h('span', { w: up ? 'line.up' : 'line.down' }));
  document.body.classList.toggle('cut-off', !up);
  lost.hidden = up;
  if (!up) fill(lost, h('strong', { w: 'lost.title' }), h('span', { w: 'lost.says', args: [timeText().split(' ')[1]] }));
}

// A mistake of these pages' own is never silent: who sits here must not wait for what will not come.
export function showFault() {
  fault.hidden = false;
  fill(fault, h('strong', { w: 'fault.title' }), h('span', { w: 'fault.says' }),
    h('button', { type: 'button', w: 'fault.again', onclick: () => location.reload() }));
}

// --- who -----------------------------------------------------------------------------------------------------------

let who = null;

function showWho() {
  fill(person,
    h('a', { class: 'name own-link', href: '#/passkey' }, who.name || who.officer, h('small', {}, `${who.officer} · ${who.unit_name}`),
      h('span', { class: 'only-read', w: 'own.title' })),
    h('ul', { class: 'duties', label: 'who.duties' }, who.duties.map((duty) => h('li', { w: `duty.${duty}` }))),
    h('button', { type: 'button', class: 'quiet', w: 'sign-out', onclick: () => signOut() }));
}

// A sign-out that nobody asked for is announced, so that whoever is only reading can stay.
function watchIdle() {
  const left = who ? Date.parse(who.ends) - live.now() : Infinity;
  if (left > IDLE_WARNING_MS) {
    idle.hidden = true;
    return;
  }
  if (idle.hidden) fill(idle, h('span', { w: 'idle.says', args: [''] }), h('button', { type: 'button', w: 'idle.stay', onclick: stay }));
  idle.hidden = false;
  const says = idle.firstChild;
  says.dataset.args = JSON.stringify([Math.max(0, Math.ceil(left / 1000))]);
  says.textContent = t('idle.says', Math.max(0, Math.ceil(left / 1000)));
  if (left < -2000) whoAmI(false).then(learn, () => {});
}

async function stay() {
  learn(await whoAmI());
}

function learn(found) {
  if (found) who = found;
}

// What people do here counts as being there; the server is told once a minute.
let touched = 0;
function touch() {
  if (!who || Date.now() - touched < 60000) return;
  touched = Date.now();
  whoAmI().then(learn, () => {});
}

// What is brought into view must not lie under the header, which stays, and is of as many lines as the window leaves it.
function keepClear(header) {
  new ResizeObserver(() => {
    document.documentElement.style.scrollPaddingTop = `${header.offsetHeight + 8}px`;
    document.documentElement.style.setProperty('--header', `${header.offsetHeight}px`);
  }).observe(header);
}

// --- building ------------------------------------------------------------------------------------------------------

export function build() {
  setLanguage(language());
  setTheme(localStorage.getItem(themePlace) ?? 'dark');
  const header = h('header', {}, band,
    h('div', { class: 'bar' }, h('span', { class: 'brand', w: 'name' }), pages, h('span', { class: 'push' }),
      clock, line, person,
      h('div', { class: 'switches' },
        h('button', { type: 'button', class: 'quiet', w: soundWord(), onclick: switchSound }),
        h('button', { type: 'button', class: 'quiet', w: 'language', onclick: switchLanguage }),
        h('button', { type: 'button', class: 'quiet', w: themeWord(), onclick: switchTheme }))));
  document.body.replaceChildren(
    h('a', { class: 'skip', href: '#main', w: 'skip', onclick: (event) => { event.preventDefault(); main.focus(); } }),
    header, lost, fault, idle, main);
  keepClear(header);
  for (const event of ['pointerdown', 'keydown']) document.addEventListener(event, touch, { passive: true });
  live.onState(showLine);
  setInterval(tick, 1000);
  tick();
}

// Somebody is signed in (null: nobody). links: [{href, w}]
export function showPerson(found, links) {
  who = found;
  touched = Date.now();
  document.body.classList.toggle('signed-in', Boolean(who));
  line.hidden = !who;
  lost.hidden = true;
  idle.hidden = true;
  document.body.classList.remove('cut-off');
  fill(pages, who ? links.map(({ href, w }) => h('a', { href, w })) : []);
  if (who) showWho();
  else fill(person);
  if (who) fill(line, h('span', { class: 'shape', 'aria-hidden': 'true' }, '○'), h('span', { w: 'line.wait' }));
  title();
}

export function markPage(href) {
  for (const link of pages.children) {
    if (link.getAttribute('href') === href) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

export const me = () => who;
