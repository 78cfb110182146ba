// SPDX-License-Identifier: Apache-2.0
// api - the one way this page asks the server (docs/openapi.yaml). Every change carries the session's word against forged
// requests, and a key under which it is done once, however often it is sent.
import { language } from './words.js';

const base = '/api/v1';
let csrf = '';
const leaving = new Set();

// What the server said no with, in both languages; status 0: it did not answer at all.
export class Problem extends Error {
  constructor(status, zh, en, problems = []) {
    super(en);
    Object.assign(this, { status, zh, en, problems });
  }

  // Nobody was there, or too much was going on: a page that only looks asks again by itself.
  get passing() {
    return this.status === 0 || this.status === 503;
  }

  get words() {
    return language() === 'zh' ? this.zh : this.en;
  }
}

const lost = () => new Problem(0, '服务器没有应答。您输入的内容还在，请稍后再试。',
  'The server does not answer. What you typed is kept; try again in a moment.');

async function problemOf(answer) {
  let said = {};
  try {
    said = await answer.json();
  } catch { /* not of ours: a proxy's page, say */ }
  return new Problem(answer.status, said.detail_zh ?? `服务器答复 ${answer.status}`,
    said.detail ?? `the server answered ${answer.status}`, said.problems ?? []);
}

async function read(answer) {
  if ((answer.headers.get('Content-Type') ?? '').startsWith('application/json')) return answer.json();
  return answer.text();
}

// unattended: not asked by a person just now, so that a desk nobody sits at still signs itself out.
export async function call(method, path, { body, type = 'application/json', unattended = false, key = '' } = {}) {
  const headers = {};
  if (method !== 'GET' && csrf) headers['X-CSRF-Token'] = csrf;
  if (body !== undefined) headers['Content-Type'] = type;
  if (unattended) headers['X-Unattended'] = '1';
  if (key) headers['Idempotency-Key'] = key;
  let answer;
  try {
    answer = await fetch(base + path, {
      method, headers, cache: 'no-store', credentials: 'same-origin', redirect: 'error',
      body: body === undefined || typeof body === 'string' || body instanceof Blob ? body : JSON.stringify(body),
    });
  } catch {
    throw lost();
  }
  if (answer.ok) return read(answer);
  const problem = await problemOf(answer);
  if (answer.status === 401 && csrf) signedOut(false);
  throw problem;
}

// What the server has of one bulletin.
export const bulletinAt = (id, rest = '') => `/bulletins/${encodeURIComponent(id)}${rest}`;

export const get = (path, options) => call('GET', path, options);
export const post = (path, body, options) => call('POST', path, { body, ...options });

// --- the session ---------------------------------------------------------------------------------------------------

// The session has ended: by its owner here (asked), or by its idle time, by an administrator.
export function onSignedOut(listener) {
  leaving.add(listener);
}

function signedOut(asked) {
  csrf = '';
  for (const listener of leaving) listener(asked);
}

// Who is signed in, or null. attended: somebody is there, and the idle time begins anew.
export async function whoAmI(attended = true) {
  try {
    const who = await get('/session', { unattended: !attended });
    csrf = who.csrf ?? '';
    return who;
  } catch (problem) {
    if (problem.status === 401) return null;
    throw problem;
  }
}

export async function signIn(claim) {
  const who = await post('/session', { ...claim, browser: true });
  csrf = who.csrf;
  return who;
}

export async function signOut() {
  await call('DELETE', '/session');
  signedOut(true);
}

// Which house this is, and in which mode: said to anybody, so that the page can say it before a sign-in.
export async function house() {
  try {
    return await (await fetch('/healthz', { cache: 'no-store' })).json();
  } catch {
    throw lost();
  }
}
