// SPDX-License-Identifier: Apache-2.0
// dialog - one question before something is done: what it is, in the words of what will happen, perhaps a reason, perhaps
// figures to be typed. Esc and "back" do nothing at all.
import { Problem } from './api.js';
import { fill, h } from './dom.js';
import { t } from './words.js';

// The button that led here ends with dots; the question itself does not.
const asked = (key) => t(key).replace(/…$/, '');

// title, go: keys of words.js. says: nodes. reason: ask for one line. reference: ask for a number, too. match: what must be typed (label: its key).
// danger: the button is marked as one that cannot be taken back. run({ reason, reference }): does it, or throws a Problem, which is shown.
// ways: [{ go, says, run }] instead of go and run, where there are several: each has its button under its own words, none is the Enter
// key's, and a reason may be left out, since which way it is says why.
// -> whether it was done
export function ask({ title, says = [], reason = false, reference = false, match = null, label = null, go, danger = false, run, ways = null }) {
  return new Promise((answer) => {
    const line = h('input', { id: 'reason', maxlength: '600', autocomplete: 'off', required: true });
    const number = h('input', { id: 'reference', maxlength: '200', autocomplete: 'off', required: true });
    const typed = h('input', { id: 'typed', inputmode: 'numeric', autocomplete: 'off', maxlength: '8', required: true });
    const said = h('p', { class: 'said', role: 'alert' });
    const look = danger ? 'main danger' : 'main';
    const button = ways ? null : h('button', { class: look }, asked(go));
    const several = (ways ?? []).map((way) => h('div', { class: 'way' }, way.says,
      h('button', { type: 'button', class: look, onclick: () => act(way.run) }, asked(way.go))));
    const setBusy = (value) => { for (const one of box.querySelectorAll('button.main')) one.disabled = value; };
    let done = false;

    function submit(event) {
      event.preventDefault();
      if (!ways) act(run);
    }

    async function act(way) {
      if (box.querySelector('button.main:disabled')) return;
      if (reason && !ways && !line.value.trim()) return refuse('dialog.reason-empty', line);
      if (reference && !number.value.trim()) return refuse('dialog.reference-empty', number);
      if (match && typed.value.trim() !== match) return refuse('dialog.typed-wrong', typed);
      setBusy(true);
      fill(said, h('span', { w: 'dialog.working' }));
      try {
        await way({ reason: line.value.trim(), reference: number.value.trim() });
        done = true;
        box.close();
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        said.textContent = problem.words;
      } finally {
        setBusy(false);
      }
    }

    function refuse(key, field) {
      fill(said, h('span', { w: key }));
      field.focus();
    }

    const box = h('dialog', { 'aria-labelledby': 'dialog-title', onclose: () => { box.remove(); answer(done); } },
      h('form', { novalidate: true, onsubmit: submit },
        h('h2', { id: 'dialog-title' }, asked(title)), says,
        reason && h('div', { class: 'field' }, h('label', { for: 'reason', w: ways ? 'dialog.more' : 'dialog.reason' }), line),
        reference && h('div', { class: 'field' }, h('label', { for: 'reference', w: 'dialog.reference' }), number),
        match && h('div', { class: 'field' }, h('label', { for: 'typed', w: label }), typed),
        several, said,
        h('div', { class: 'row' }, h('button', { type: 'button', w: 'dialog.back', onclick: () => box.close() }), button)));
    document.body.append(box);
    box.showModal();
    (reason ? line : match ? typed : button).focus();
  });
}
