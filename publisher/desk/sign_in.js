// SPDX-License-Identifier: Apache-2.0
// sign_in - the page before all others: who, the password, and the passkey or the authenticator's digits.
import { h, fill, speak } from './dom.js';
import { Problem, signIn } from './api.js';
import { factor } from './passkey.js';
import { either, t } from './words.js';

// message: what to say first (a key of words.js), or null. done(who): signed in.
export function show(main, message, done) {
  let byCode = false;
  const officer = h('input', { id: 'officer', name: 'officer', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', required: true });
  const password = h('input', { id: 'password', name: 'password', type: 'password', autocomplete: 'current-password', required: true });
  const code = h('input', { id: 'code', name: 'code', inputmode: 'numeric', autocomplete: 'one-time-code', maxlength: '6' });
  const codeField = h('div', { class: 'field', hidden: true }, h('label', { for: 'code', w: 'sign-in.code' }), code);
  const said = h('p', { class: 'said', role: 'alert' });
  const go = h('button', { class: 'main', w: 'sign-in.passkey' });
  const other = h('button', { type: 'button', class: 'link', w: 'sign-in.other-code', onclick: turn });

  function turn() {
    byCode = !byCode;
    codeField.hidden = !byCode;
    go.dataset.w = byCode ? 'sign-in.by-code' : 'sign-in.passkey';
    other.dataset.w = byCode ? 'sign-in.other-passkey' : 'sign-in.other-code';
    speak(go);
    speak(other);
    fill(said);
    (byCode ? code : officer).focus();
  }

  function say(text) {
    said.textContent = text;
  }

  async function claim() {
    const who = { officer: officer.value.trim(), password: password.value };
    if (!who.officer || !who.password) throw new Problem(-1, t('sign-in.empty'), t('sign-in.empty'));
    if (!byCode) return { ...who, ...(await factor(who.officer)) };
    if (!code.value.trim()) throw new Problem(-1, t('sign-in.empty-code'), t('sign-in.empty-code'));
    return { ...who, code: code.value.trim() };
  }

  async function enter(event) {
    event.preventDefault();
    if (go.disabled) return;
    go.disabled = true;
    say(t('sign-in.working'));
    try {
      const who = await signIn(await claim());
      password.value = '';
      code.value = '';
      done(who);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      say(either(problem.zh, problem.en));
    } finally {
      go.disabled = false;
    }
  }

  fill(main, h('form', { class: 'sign-in', novalidate: true, onsubmit: enter },
    h('h1', { w: 'sign-in.title' }),
    message && h('p', { class: 'note', w: message }),
    h('div', { class: 'field' }, h('label', { for: 'officer', w: 'sign-in.officer' }), officer),
    h('div', { class: 'field' }, h('label', { for: 'password', w: 'sign-in.password' }), password),
    codeField, go, said, other, h('a', { href: '#/enrol', w: 'enrol.link' })));
  officer.focus();
}
