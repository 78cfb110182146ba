// SPDX-License-Identifier: Apache-2.0
// enrol - the page of whoever has no password yet: a code of their own, whose digest an administrator proposes; then, with the
// word of who confirmed, the password and the second factor. Who made the account learns neither.
import { post, Problem } from './api.js';
import { fill, h } from './dom.js';
import { newCode, whole } from './own_code.js';
import { field } from './tables.js';
import { t } from './words.js';

const place = 'tocsin-enrolment'; // half a secret, until it is used: of no worth without the word

export function show(main) {
  const said = h('p', { class: 'said', role: 'alert' });
  const made = h('div', { class: 'made' });
  const officer = h('input', { id: 'officer', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', required: true });
  const code = h('input', { id: 'enrolment', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', required: true, value: localStorage.getItem(place) ?? '' });
  const word = h('input', { id: 'word', autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false' });
  const password = h('input', { id: 'password', type: 'password', autocomplete: 'new-password', required: true });
  const again = h('input', { id: 'again', type: 'password', autocomplete: 'new-password', required: true });
  const factor = h('select', { id: 'factor' }, h('option', { value: 'code', w: 'enrol.factor.code' }), h('option', { value: 'passkey', w: 'enrol.factor.passkey' }));
  const go = h('button', { class: 'main', w: 'enrol.go' });
  const body = h('div', { class: 'enrol' });

  async function make() {
    const one = await newCode();
    localStorage.setItem(place, one.code);
    code.value = one.code;
    fill(made, h('p', { w: 'enrol.digest' }), h('code', { class: 'digest line-text' }, one.digest));
  }

  function missing() {
    if (!officer.value.trim() || !code.value.trim() || !password.value) return 'enrol.empty';
    return password.value === again.value ? null : 'enrol.twice';
  }

  const claim = () => ({ officer: officer.value.trim(), enrolment: whole(code.value, word.value) });

  function done(says) {
    localStorage.removeItem(place);
    password.value = again.value = code.value = '';
    fill(body, h('h1', { w: 'enrol.done' }), h('p', { w: says }), h('a', { class: 'button', href: '#/', w: 'enrol.sign-in' }));
  }

  async function run(event) {
    event.preventDefault();
    const lacks = missing();
    if (lacks) return fill(said, h('span', { w: lacks }));
    go.disabled = true;
    said.textContent = t('dialog.working');
    try {
      const answer = await post('/enrolment', { ...claim(), password: password.value, second_factor: factor.value });
      fill(said);
      if (factor.value === 'passkey') done('enrol.done.passkey');
      else digits(answer);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      said.textContent = problem.words;
    }
    go.disabled = false;
    return null;
  }

  // The authenticator's secret is shown this once; the enrolment ends with its first digits.
  function digits({ secret, uri }) {
    const input = h('input', { id: 'code', inputmode: 'numeric', autocomplete: 'one-time-code', maxlength: '6', required: true });
    const wrong = h('p', { class: 'said', role: 'alert' });
    const end = async (event) => {
      event.preventDefault();
      try {
        await post('/enrolment/end', { ...claim(), code: input.value.trim() });
        done('enrol.done.code');
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        wrong.textContent = problem.words;
      }
    };
    fill(body, h('h1', { w: 'enrol.authenticator' }), h('p', { w: 'enrol.authenticator.says' }), h('code', { class: 'digest' }, secret.replace(/(.{4})(?=.)/g, '$1 ')), h('a', { href: uri, w: 'enrol.uri' }),
      h('form', { class: 'stack', novalidate: true, onsubmit: end }, field('code', 'sign-in.code', input), wrong, h('button', { class: 'main', w: 'enrol.end' })));
    input.focus();
  }

  fill(body, h('h1', { w: 'enrol.title' }), h('section', { class: 'part' }, h('h2', { w: 'enrol.first' }), h('p', { class: 'soft', w: 'enrol.first.says' }), h('button', { type: 'button', w: 'enrol.make', onclick: make }), made),
    h('section', { class: 'part' }, h('h2', { w: 'enrol.second' }), h('p', { class: 'soft', w: 'enrol.second.says' }), h('form', { class: 'stack', novalidate: true, onsubmit: run }, field('officer', 'sign-in.officer', officer),
      field('enrolment', 'enrol.code', code), field('word', 'enrol.word', word), field('password', 'enrol.password', password), field('again', 'enrol.again', again), field('factor', 'enrol.factor', factor), said, go)),
    h('a', { href: '#/', w: 'enrol.back' }));
  fill(main, body);
}
