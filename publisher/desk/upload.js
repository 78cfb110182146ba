// SPDX-License-Identifier: Apache-2.0
// upload - a list of recipients from this browser to the server, in parts, and how far its import is. The file is read a part at
// a time and kept nowhere; what comes back are counts, and the faulty lines without what stood in them.
import { call, get, post, Problem } from './api.js';
import { fill, h } from './dom.js';
import { me } from './frame.js';
import { section } from './tables.js';

const LOOK_MS = 1000;
const base = '/recipients/upload';
const pause = () => new Promise((done) => setTimeout(done, LOOK_MS));

// what: how far it is, as the server says.
function progress({ state, size, came, read }) {
  if (state === 'importing') return h('p', { w: 'upload.importing', args: [read] });
  return h('p', {}, h('progress', { max: size, value: came, label: 'upload.title' }), ' ', h('span', { w: 'upload.coming', args: [Math.floor((100 * came) / size)] }));
}

function outcome(what) {
  const faults = what.faults && h('p', {}, h('a', { class: 'button-like', href: `/api/v1${base}/faults`, download: 'tocsin-faults.csv', w: 'upload.faults' }));
  if (what.state === 'done') return [h('p', { class: 'yes', w: 'upload.done', args: [what.generation] }), faults];
  return [h('p', { class: 'bad', role: 'alert' }, h('span', { w: 'upload.refused' }), ' ', h('span', { lang: 'zh' }, what.reason_zh), ' ', h('span', { lang: 'en' }, what.reason)), faults];
}

// again: called when a directory has come out of it. -> the section
export function uploading(again) {
  const said = h('div', { class: 'stack', role: 'status' });
  const file = h('input', { type: 'file', id: 'upload-file', accept: '.csv,text/csv' });
  const go = h('button', { type: 'button', class: 'main', w: 'upload.go', onclick: () => guarded(send) });
  const drop = h('button', { type: 'button', w: 'upload.drop', hidden: true, onclick: () => guarded(dropIt) });
  const part = section('upload.title', h('p', { class: 'soft', w: 'upload.says' }), h('p', {}, h('label', { for: 'upload-file', w: 'upload.file' }), ' ', file), h('div', { class: 'row' }, go, drop), said);
  let current = null;

  async function tried(run) {
    try {
      await run();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      fill(said, h('p', { class: 'said', role: 'alert' }, problem.words));
    }
  }

  async function guarded(run) {
    go.disabled = true;
    await tried(run);
    go.disabled = false;
  }

  async function dropIt() {
    const id = current;
    current = null;
    drop.hidden = true;
    await call('DELETE', `${base}/${id}`);
    fill(said, h('p', { w: 'upload.dropped' }));
  }

  async function sendParts(list, { upload, part: most }) {
    for (let at = 0; at < list.size; at += most) {
      if (current !== upload) return false;
      if (!part.isConnected) return dropIt().then(() => false);
      const now = await call('PUT', `${base}/${upload}/${at}`, { body: list.slice(at, at + most), type: 'application/octet-stream' });
      if (current === upload) fill(said, progress(now));
    }
    return current === upload;
  }

  async function follow(first) {
    let now = first;
    while (now.state === 'importing' && part.isConnected) {
      fill(said, progress(now));
      await pause();
      now = await get(base, { unattended: true });
    }
    if (now.state !== 'done' && now.state !== 'refused') return;
    fill(said, outcome(now));
    if (now.state === 'done') again();
  }

  async function send() {
    const [list] = file.files;
    if (!list) {
      fill(said, h('p', { class: 'said', role: 'alert', w: 'upload.choose' }));
      return;
    }
    const begun = await post(base, { size: list.size });
    current = begun.upload;
    drop.hidden = false;
    if (!await sendParts(list, begun)) return;
    drop.hidden = true;
    current = null;
    await follow(await post(`${base}/${begun.upload}/import`, {}));
  }

  // What was under way when this page was opened: an import is followed, one's own broken-off upload can be dropped.
  async function look() {
    const now = await get(base, { unattended: true });
    if (go.disabled || now.state === 'none') return; // somebody was quicker with a new one
    if (now.state !== 'coming') {
      await guarded(() => follow(now));
      return;
    }
    fill(said, h('p', { w: 'upload.other', args: [now.officer] }));
    if (now.officer !== me().officer) return;
    current = now.upload;
    drop.hidden = false;
  }

  setTimeout(() => tried(look), 0);
  return part;
}
