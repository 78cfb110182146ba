// SPDX-License-Identifier: Apache-2.0
// admin_means - what the house takes in from, sends to and writes with, to be looked over: far sides, sources, templates. These
// stand in files of the machine, which its own administrator changes (docs/OPERATING.md): no page can.
import { get } from './api.js';
import { channel } from './bits.js';
import { fill, h } from './dom.js';
import { levelsOf } from './rights_words.js';
import { section, table } from './tables.js';
import { watched } from './watched.js';

const yes = (value) => h('span', { w: value ? 'means.yes' : 'means.no' });

function targets(list) {
  const line = (one) => [channel(one.name), one.kind, yes(one.public), yes(one.default), yes(one.recipients), yes(one.notices), one.per_minute || '—', one.ends || '—'];
  return section('means.targets', table('means.targets', ['deliveries.target', 'means.kind', 'means.public', 'means.default', 'means.recipients', 'means.notices', 'means.rate', 'means.ends'], list.map(line), { number: [6] }));
}

function sources(list) {
  if (!list.length) return section('means.sources', h('p', { class: 'soft', w: 'means.sources.empty' }));
  const line = (one) => [one.name, one.type, one.unit || '—', yes(one.signature_required), yes(one.trust), yes(one.lenient), one.json || '—', one.ends || '—'];
  return section('means.sources', table('means.sources', ['rights.source', 'means.type', 'rights.unit', 'means.signed', 'means.trust', 'means.lenient', 'means.json', 'means.ends'], list.map(line)));
}

function templates(list) {
  const line = (one) => [[one.name, ' ', levelsOf([one.level])], one.hazard, one.what, one.instruction];
  return section('means.templates', table('means.templates', ['compose.template', 'rights.code', 'compose.what', 'compose.instruction'], list.map(line)));
}

async function all() {
  const [means, written] = await Promise.all([get('/means'), fetch('templates.json').then((file) => file.json())]);
  return { ...means, templates: written.templates };
}

export const show = (place) => watched(place, all, (body, means) => fill(body, h('p', { class: 'soft', w: 'means.says' }), targets(means.targets), sources(means.sources), templates(means.templates)), () => false);
