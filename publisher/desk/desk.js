// SPDX-License-Identifier: Apache-2.0
// desk - the operators' pages: begins here. Which page is shown stands behind the address's #.
import { house, onSignedOut, whoAmI } from './api.js';
import * as admin from './admin.js';
import * as enrolment from './enrol.js';
import * as frame from './frame.js';
import * as live from './live.js';
import * as own from './own.js';
import * as board from './board.js';
import * as bulletin from './bulletin.js';
import * as compose from './compose.js';
import * as report from './report.js';
import * as rights from './rights.js';
import * as shift from './shift.js';
import * as signIn from './sign_in.js';

const links = (who) => [{ href: '#/', w: 'board.title' },
  ...(who.duties.includes('draft') ? [{ href: '#/compose', w: 'compose.title' }] : []),
  ...(['draft', 'review', 'sign', 'publish'].some((duty) => who.duties.includes(duty)) ? [{ href: '#/shift', w: 'shift.title' }] : []),
  { href: '#/report', w: 'report.title' }, { href: '#/rights', w: 'rights.title' },
  ...(admin.isAdministrator(who) ? [{ href: '#/admin', w: 'admin.title' }] : [])];
const pages = [
  { pattern: /^#\/$/, show: board.show, link: '#/' },
  { pattern: /^#\/b\/([^/]+)$/, show: bulletin.show, link: null },
  { pattern: /^#\/passkey$/, show: own.show, link: null },
  { pattern: /^#\/compose$/, show: compose.show, link: '#/compose' },
  { pattern: /^#\/compose\/update\/([^/]+)$/, show: compose.showUpdate, link: null },
  { pattern: /^#\/compose\/([^/]+)$/, show: compose.show, link: null },
  { pattern: /^#\/shift$/, show: shift.show, link: '#/shift' },
  { pattern: /^#\/shift\/([^/]+)$/, show: shift.show, link: null },
  { pattern: /^#\/report$/, show: report.show, link: '#/report' },
  { pattern: /^#\/rights$/, show: rights.show, link: '#/rights' },
  { pattern: /^#\/rights\/(matrix|people|roster)$/, show: rights.show, link: '#/rights' },
  { pattern: /^#\/admin$/, show: admin.show, link: '#/admin' },
  { pattern: /^#\/admin\/(policy|recipients|accounts|audit|means)$/, show: admin.show, link: '#/admin' },
  { pattern: /^#\/admin\/change\/([^/]+)$/, show: admin.showChange, link: '#/admin' },
];

let leave = null; // what the present page wants done when it goes
let enrolling = false;

// An address nobody could have meant leads to the board.
function partsOf(page) {
  try {
    return page.pattern.exec(location.hash)?.slice(1).map(decodeURIComponent) ?? [];
  } catch {
    return null;
  }
}

const ENROLMENT = '#/enrol'; // the one page of who is not signed in and cannot be

function route() {
  if (!frame.me()) {
    if ((location.hash === ENROLMENT) !== enrolling) askWho(null);
    return;
  }
  const asked = pages.find(({ pattern }) => pattern.test(location.hash)) ?? pages[0];
  const parts = partsOf(asked);
  const page = parts ? asked : pages[0];
  leave?.();
  leave = page.show(frame.main, ...(parts ?? [])) ?? null;
  frame.markPage(page.link);
}

function enter(who) {
  frame.showPerson(who, links(who));
  if (!location.hash) history.replaceState(null, '', '#/');
  live.start();
  route();
}

function askWho(message) {
  leave?.();
  leave = null;
  live.stop();
  frame.showPerson(null);
  enrolling = location.hash === ENROLMENT;
  if (enrolling) enrolment.show(frame.main);
  else signIn.show(frame.main, message, enter);
}

async function begin() {
  frame.build();
  for (const fault of ['error', 'unhandledrejection']) window.addEventListener(fault, frame.showFault);
  window.addEventListener('hashchange', route);
  onSignedOut((asked) => askWho(asked ? null : 'ended.says'));
  for (;;) {
    try {
      frame.showHouse(await house());
      const who = await whoAmI();
      return who ? enter(who) : askWho(null);
    } catch (problem) {
      if (problem.status !== 0) throw problem;
      await new Promise((wake) => { setTimeout(wake, 1000); });
    }
  }
}

begin();
