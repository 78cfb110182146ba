// SPDX-License-Identifier: Apache-2.0
// passkey - what the server asks an authenticator to sign, signed. It is asked every time; nothing is kept here.
import { bulletinAt, get, post, Problem } from './api.js';

function bytes(base64url) {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function base64(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer)));
}

// The form a proof has it in: AUTHENTICATORDATA.CLIENTDATAJSON.SIGNATURE.
async function assertion(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: options.allowCredentials.map((one) => ({ ...one, id: bytes(one.id) })),
  };
  try {
    const { response } = await navigator.credentials.get({ publicKey });
    return 'passkey:' + [response.authenticatorData, response.clientDataJSON, response.signature].map(base64).join('.');
  } catch (error) {
    throw new Problem(-1, `通行密钥没有给出签名（${error.name}）。没有提交任何内容，可以再试；这台设备上没有您登记过的通行密钥的，换用登记过的设备，登录也可改用动态码。`,
      `The passkey gave no signature (${error.name}). Nothing was sent; you can try again. If this device holds no passkey of yours, use one that does; to sign in, a one-time code does as well.`);
  }
}

const base64url = (buffer) => base64(buffer).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

// A passkey of one's own: what two administrators put into the policy for it to count.
export async function enrol() {
  const { time, publicKey } = await get('/passkeys/enrolment');
  const options = {
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    user: { ...publicKey.user, id: bytes(publicKey.user.id) },
    excludeCredentials: publicKey.excludeCredentials.map((one) => ({ ...one, id: bytes(one.id) })),
  };
  let response;
  try {
    ({ response } = await navigator.credentials.create({ publicKey: options }));
  } catch (error) {
    throw error.name === 'InvalidStateError'
      ? new Problem(-1, '这台设备上已有您登记过的通行密钥。', 'This device holds a passkey of yours already.')
      : new Problem(-1, `没有登记（${error.name}）。可以再试。`, `Nothing was enrolled (${error.name}). You can try again.`);
  }
  const { clientDataJSON, attestationObject } = response;
  const made = await post('/passkeys/enrolment',
    { time, clientDataJSON: base64url(clientDataJSON), attestationObject: base64url(attestationObject) });
  return made.line;
}

// The second factor of a sign-in.
export async function factor(officer) {
  const { attempt, publicKey } = await post('/session/challenge', { officer });
  return { attempt, assertion: await assertion(publicKey) };
}

export const hex = (octets) => [...octets].map((octet) => octet.toString(16).padStart(2, '0')).join('');
const digestOf = (text) => crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));

export async function sha256(text) {
  return hex(new Uint8Array(await digestOf(text)));
}

// What an override is over: the words and the reason together (docs/openapi.yaml).
export async function overrideDigest(manifest, reason) {
  return sha256(`tocsin-override 1\nmanifest ${manifest}\nreason ${reason}\n`);
}

// The proof of an act over the manifest as it stands, which must be the one that was shown. more: reason of an override, `as` of a correction.
export const proof = (bulletin, act, shown, more = {}) =>
  proven(bulletinAt(bulletin, `/challenge?${new URLSearchParams({ act, ...more })}`), act, shown);

// The same over the page that hands the watch over.
export const shiftProof = (id, shown) => proven(`/shifts/${encodeURIComponent(id)}/challenge`, 'shift', shown);

async function proven(challenge, act, shown) {
  const asked = await get(challenge);
  const { officer, time, manifest, publicKey } = asked;
  if (manifest !== shown) throw new Problem(409, '内容在您查看之后已被修改。没有签名；请先看新内容。',
    'The words were changed since you saw them. Nothing was signed; look at the new ones first.');
  return { act, officer, time, manifest, signature: await assertion(publicKey) };
}

// The proof of an administrative change, over the digest of its lines as this page has written them (change_text.js). What the
// authenticator is asked to sign is worked out here, too: nothing else is signed.
export async function changeProof(id, digest) {
  const { officer, time, publicKey } = await get(`/changes/${encodeURIComponent(id)}/challenge?digest=${digest}`);
  const asked = base64url(await digestOf(`tocsin-proof 1\nact change\nofficer ${officer}\ntime ${time}\nmanifest ${digest}\n`));
  if (publicKey.challenge !== asked) throw new Problem(409, '服务器要求签名的不是所显示的变更，没有签名。', 'What the server asks to be signed is not the change shown: nothing was signed.');
  return { act: 'change', officer, time, manifest: digest, signature: await assertion(publicKey) };
}
