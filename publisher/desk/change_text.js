// SPDX-License-Identifier: Apache-2.0
// change_text - an administrative change as it is signed (docs/AUTHORITY.md): its six lines, read strictly, and what differs
// between two documents. Worked out here, so that what an administrator signs is what this page showed.
import { get, post, Problem } from './api.js';
import { changeProof, hex, sha256 } from './passkey.js';

const form = /^tocsin-change 1\nid (c-[a-z0-9-]{4,38})\nkind ([a-z-]{1,40})\nmode (live|exercise|test)\nfollows ([0-9a-f]{64})\nbody ([0-9a-f]{64})\n$/;
const LOOK = 400;

const linesOf = ({ id, kind, mode, follows, body }) => `tocsin-change 1\nid ${id}\nkind ${kind}\nmode ${mode}\nfollows ${follows}\nbody ${body}\n`;

function readLines(text) {
  const found = form.exec(text);
  if (!found) return null;
  const [, id, kind, mode, follows, body] = found;
  return { id, kind, mode, follows, body };
}

const newId = () => `c-${hex(crypto.getRandomValues(new Uint8Array(8)))}`;

// Proposes the document as a change of that kind, with a proof of who sits here. -> the change
export async function propose(kind, document) {
  const { mode, follows } = await get('/changes');
  const lines = { id: newId(), kind, mode, follows, body: await sha256(document) };
  const proof = await changeProof(lines.id, await sha256(linesOf(lines)));
  return post('/changes', { id: lines.id, kind, follows, body: document, proof }, { key: crypto.randomUUID() });
}

const refuse = (zh, en) => { throw new Problem(409, zh, en); };

// The lines of a change that was fetched, when they are over the document it shows.
export async function linesShown(change) {
  const lines = readLines(change.text);
  if (!lines || lines.id !== change.id || lines.kind !== change.kind || lines.mode !== document.body.dataset.mode || lines.body !== await sha256(change.body)
    || change.digest !== await sha256(change.text)) {
    refuse('服务器给出的文件与要签署的内容不是同一份，不能确认。', 'The document shown is not the one to be signed: it cannot be confirmed.');
  }
  return lines;
}

export async function confirm(change) {
  const proof = await changeProof(change.id, await sha256(linesOf(await linesShown(change))));
  return post(`/changes/${change.id}/proofs`, proof, { key: crypto.randomUUID() });
}

// The document that the change follows, when what the server shows as the one in force is it: by its own digest, or by the
// change that made it so.
export async function before(lines) {
  const policy = await get('/policy');
  const digest = await sha256(policy.text);
  if (digest === lines.follows) return policy.text;
  const made = policy.versions.find(({ head, change }) => head === lines.follows && change);
  const maker = made && await get(`/changes/${encodeURIComponent(made.change)}`);
  if (maker && readLines(maker.text)?.body === digest && await sha256(maker.text) === lines.follows) return policy.text;
  return refuse('这项变更所接续的不是服务器给出的现行授权规则，无法比对，不能确认。须请提出人以现行规则为底重新提出；如无人变更过，则服务器所说不实。',
    'This change does not follow the policy that the server shows as the one in force: there is nothing to compare with, and it cannot be confirmed. '
    + 'Let it be proposed anew on that one; where nothing was changed, the server does not tell the truth.');
}

// Of a change that is over: the document it followed, where it can still be had - as the one in force, or as the document of the
// change that made it; what the machine's own file was before the first change nobody has any more: null.
export async function followed({ follows }) {
  const policy = await get('/policy');
  const version = policy.versions.find(({ head }) => head === follows);
  if (!version) return null;
  if (await sha256(policy.text) === version.version) return policy.text;
  const made = version.change ? await get(`/changes/${encodeURIComponent(version.change)}`) : null;
  return made && await sha256(made.body) === version.version ? made.body : null;
}

// --- what differs ---------------------------------------------------------------------------------------------------

const split = (text) => (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');

// After a difference, the nearest pair of equal lines is where both go on.
function meet(a, i, b, k) {
  for (let sum = 1; sum <= LOOK; sum++) {
    for (let out = 0; out <= sum; out++) if (i + out < a.length && k + sum - out < b.length && a[i + out] === b[k + sum - out]) return [out, sum - out];
  }
  return [a.length - i, b.length - k];
}

// -> [{ at: line of the old, gone: [line], come: [line] }]
export function differences(old, young) {
  const [a, b] = [split(old), split(young)];
  const found = [];
  let [i, k] = [0, 0];
  while (i < a.length || k < b.length) {
    if (i < a.length && k < b.length && a[i] === b[k]) {
      i++;
      k++;
    } else {
      const [out, into] = meet(a, i, b, k);
      found.push({ at: i + 1, gone: a.slice(i, i + out), come: b.slice(k, k + into) });
      i += out;
      k += into;
    }
  }
  return found;
}
