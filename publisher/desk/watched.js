// SPDX-License-Identifier: Apache-2.0
// watched - a part of a page that shows one answer of the server's and keeps it true: asked until it is told, what was refused
// said above it, asked again when something has happened, drawn anew in another language.
import { Problem } from './api.js';
import { fill, h } from './dom.js';
import { onLanguage } from './frame.js';
import { keepFresh } from './live.js';

// ask: -> what is to be shown. draw(body, found, look): look asks again. wanted(event): is it about this? -> to be called on leaving
export function watched(place, ask, draw, wanted) {
  const said = h('p', { class: 'said', role: 'alert' });
  const body = h('div', { class: 'stack' });
  let found = null;
  let gone = false;
  const fresh = keepFresh(look, wanted);

  async function look() {
    try {
      found = await ask();
      if (gone) return;
      fill(said);
      draw(body, found, look);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (gone) return;
      said.textContent = problem.words;
      if (problem.passing) fresh.later();
    }
  }

  fill(place, said, body);
  look();
  const end = onLanguage(() => found && draw(body, found, look));
  return () => {
    gone = true;
    fresh.end();
    end();
  };
}
