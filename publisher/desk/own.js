// SPDX-License-Identifier: Apache-2.0
// own - one's own passkey on this device: made here, and counted once two administrators have put its line into the policy.
import { Problem } from './api.js';
import { fill, h } from './dom.js';
import { enrol } from './passkey.js';

export function show(main) {
  const said = h('p', { class: 'said', role: 'alert' });
  const made = h('div', { class: 'made' });
  const go = h('button', { type: 'button', class: 'main', w: 'own.make', onclick: make });

  async function make() {
    go.disabled = true;
    fill(said, h('span', { w: 'dialog.working' }));
    try {
      const line = await enrol();
      fill(said);
      fill(made, h('p', { w: 'own.hand' }), h('pre', { class: 'line-text', tabindex: '0' }, line),
        h('button', { type: 'button', w: 'own.copy', onclick: (event) => copy(event.currentTarget, line) }));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      said.textContent = problem.words;
      go.disabled = false;
    }
  }

  async function copy(button, line) {
    await navigator.clipboard.writeText(line);
    fill(button, h('span', { w: 'own.copied' }));
  }

  fill(main, h('section', { class: 'own' }, h('h1', { w: 'own.title' }), h('p', { w: 'own.says' }), go, said, made));
}
