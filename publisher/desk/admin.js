// SPDX-License-Identifier: Apache-2.0
// admin - what the three administrators (三员) do: each sees the parts of their own duty. Nothing here takes effect by one
// person: a change is proposed, and another one with the same duty confirms it.
import { fill, h } from './dom.js';
import { me } from './frame.js';
import * as accounts from './admin_accounts.js';
import * as audit from './admin_audit.js';
import * as changes from './admin_changes.js';
import * as means from './admin_means.js';
import * as policy from './admin_policy.js';
import * as recipients from './admin_recipients.js';

const ADMINISTRATORS = ['admin', 'accounts', 'audit'];
const parts = {
  changes: { duties: ADMINISTRATORS, show: changes.show }, policy: { duties: ['admin'], show: policy.show },
  recipients: { duties: ['admin'], show: recipients.show }, accounts: { duties: ['accounts'], show: accounts.show },
  audit: { duties: ['audit'], show: audit.show }, means: { duties: ADMINISTRATORS, show: means.show },
};

const holds = (who, duties) => who.duties.some((duty) => duties.includes(duty));
export const isAdministrator = (who) => holds(who, ADMINISTRATORS);

function frame(main, part, show) {
  const place = h('div', { class: 'stack' });
  const link = (name) => h('a', { href: name === 'changes' ? '#/admin' : `#/admin/${name}`, 'aria-current': name === part ? 'page' : null, w: `admin.${name}` });
  fill(main, h('h1', { w: 'admin.head' }), h('p', { class: 'soft', w: 'admin.says' }),
    h('nav', { class: 'parts', label: 'admin.parts' }, Object.keys(parts).filter((name) => holds(me(), parts[name].duties)).map(link)), place);
  return show(place);
}

export function show(main, part = 'changes') {
  const asked = parts[part];
  if (!asked || !holds(me(), asked.duties)) {
    fill(main, h('p', { class: 'said', role: 'alert', w: 'admin.not-yours' }), h('a', { href: '#/', w: 'bulletin.back' }));
    return null;
  }
  return frame(main, part, asked.show);
}

export function showChange(main, id) {
  if (!isAdministrator(me())) return show(main, '');
  return frame(main, 'changes', (place) => changes.showOne(place, id));
}

