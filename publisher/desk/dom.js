// SPDX-License-Identifier: Apache-2.0
// dom - elements made from what they are. Text goes in as text, whatever it says; there is no other way in here.
import { t } from './words.js';

// h('button', { class: 'main', w: 'bulletin.look', onclick: look }, ...children)
//   w, args  the element's words, by their key in words.js; said again in the other language when that is switched
//   label    the same for aria-label
//   on*      a listener; anything else is an attribute (false, null, undefined: none)
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'w') element.dataset.w = value;
    else if (name === 'args') element.dataset.args = JSON.stringify(value);
    else if (name === 'label') element.dataset.label = value;
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  speak(element);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// Says the words of this element as they are in the present language.
export function speak(element) {
  const { w, label, args } = element.dataset;
  const values = args ? JSON.parse(args) : [];
  if (w) element.textContent = t(w, ...values);
  if (label) element.setAttribute('aria-label', t(label, ...values));
}

export function speakAll(root = document) {
  for (const element of root.querySelectorAll('[data-w], [data-label]')) speak(element);
}

// Puts this where that was, and leaves the focus where it stood when something of the same data-key is there again.
export function fill(place, ...children) {
  const key = document.activeElement?.closest('[data-key]')?.dataset.key;
  const held = key && place.contains(document.activeElement);
  place.replaceChildren(...children.flat(Infinity).filter(Boolean));
  if (held) [...place.querySelectorAll('[data-key]')].find((one) => one.dataset.key === key)?.focus();
}

// Nothing moves under the pointer: while it rests on the place, or the keyboard is in it, what is new waits, and says so.
// over: which parts of the place must stay; none: all of it.
export function steady(place, draw, over = null) {
  let waiting = null;
  const busy = () => (over ? place.querySelector(`${over}:hover`) : place.matches(':hover')) || place.contains(document.activeElement);
  const show = () => {
    if (!waiting) return;
    const what = waiting;
    waiting = null;
    delete place.dataset.waiting;
    draw(what);
  };
  const later = () => setTimeout(() => busy() || show(), 0);
  place.addEventListener('pointerout', later);
  place.addEventListener('focusout', later);
  const put = (what) => {
    waiting = what;
    if (busy()) place.dataset.waiting = '';
    else show();
  };
  put.now = show;
  return put;
}
