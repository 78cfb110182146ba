// SPDX-License-Identifier: Apache-2.0
// live - what happens, as it happens (Server-Sent Events), and whether the server is there. Each event says what and about
// what; pages then ask for the thing itself. After a break the server tells what was missed, or says that all must be looked
// at again: `reset`.
import { whoAmI } from './api.js';

const SILENCE_MS = 7000; // twice the server's beat, and a little
const AGAIN_MS = 1000;
const told = { change: new Set(), reset: new Set(), state: new Set() };

let source = null;
let last = '';
let wanted = false;
let silence = 0;
let again = 0;
let up = false;
let skew = 0; // the server's clock less ours, ms

function tell(which, ...values) {
  for (const listener of told[which]) listener(...values);
}

function setUp(value) {
  if (up === value) return;
  up = value;
  tell('state', up);
}

function heard() {
  clearTimeout(silence);
  silence = setTimeout(broken, SILENCE_MS);
  setUp(true);
}

// Gone without a word: said at once. Whether we are still signed in is asked as soon as somebody answers.
function broken() {
  setUp(false);
  reopen(AGAIN_MS);
}

function close() {
  clearTimeout(silence);
  clearTimeout(again);
  source?.close();
  source = null;
}

function reopen(wait) {
  close();
  if (wanted) again = setTimeout(askAndOpen, wait);
}

async function askAndOpen() {
  try {
    if (await whoAmI(false)) open();
  } catch {
    reopen(AGAIN_MS);
  }
}

function open() {
  if (!wanted) return;
  close();
  source = new EventSource(`/api/v1/events?after=${last}`);
  source.addEventListener('hello', (event) => {
    last = event.lastEventId;
    heard();
    if (JSON.parse(event.data).reset) tell('reset');
  });
  source.addEventListener('change', (event) => {
    last = event.lastEventId;
    heard();
    tell('change', JSON.parse(event.data));
  });
  source.addEventListener('beat', (event) => {
    skew = Date.parse(JSON.parse(event.data).now) - Date.now();
    heard();
  });
  source.addEventListener('bye', () => reopen(0));
  source.addEventListener('error', broken);
}

export function start() {
  wanted = true;
  open();
}

export function stop() {
  wanted = false;
  last = '';
  up = false;
  close();
}

// A browser keeps a page that was left for the way back, and with it the connection this holds; it has six.
addEventListener('pagehide', close);
addEventListener('pageshow', (event) => event.persisted && reopen(0));

export const isUp = () => up;
// The server's time, as well as we know it.
export const now = () => new Date(Date.now() + skew);
// A moment (Date or ms) as Beijing's clock shows it, "2026-11-24T07:44:24.000Z": the letter at the end is not meant.
export const beijing = (moment) => new Date(Number(moment) + 8 * 3600000).toISOString();

// Listeners; each returns the way to take it back.
function on(which, listener) {
  told[which].add(listener);
  return () => told[which].delete(listener);
}
export const onChange = (listener) => on('change', listener);
export const onReset = (listener) => on('reset', listener);
export const onState = (listener) => on('state', listener);

// Whenever what a page shows may be old: something happened to it, all must be looked at again, or the server is back and a
// question of the page may have been lost with it. wanted(event): is it about this page?
function onStale(listener, wanted = () => true) {
  const ends = [onChange((event) => wanted(event) && listener()), onReset(listener), onState((there) => there && listener())];
  return () => ends.forEach((end) => end());
}

// A page that looks again when what it shows may be stale: at once after a burst of events, later after a passing trouble.
// look: shows the newest. -> { later: after trouble, end: on leaving the page }
const BURST_MS = 150;
const LATER_MS = 1000;

export function keepFresh(look, wanted) {
  let timer = 0;
  const soon = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(look, wait);
  };
  const leave = onStale(() => soon(BURST_MS), wanted);
  return {
    later: () => soon(LATER_MS),
    end: () => {
      clearTimeout(timer);
      leave();
    },
  };
}
