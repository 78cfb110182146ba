// SPDX-License-Identifier: Apache-2.0
// passkey - what the server asks an authenticator to sign, signed. It is asked every time; nothing is kept here.
import { get, post, Problem } from './api.js';

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
    throw new Problem(-1, `通行密钥没有给出签名（${error.name}）。没有提交任何内容，可以再试。`,
      `The passkey gave no signature (${error.name}). Nothing was sent; you can try again.`);
  }
}

// The second factor of a sign-in.
export async function factor(officer) {
  const { attempt, publicKey } = await post('/session/challenge', { officer });
  return { attempt, assertion: await assertion(publicKey) };
}

// The proof of an act over the manifest as it stands. more: reason of an override, `as` of a correction.
export async function proof(bulletin, act, more = {}) {
  const query = new URLSearchParams({ act, ...more });
  const asked = await get(`/bulletins/${encodeURIComponent(bulletin)}/challenge?${query}`);
  const { officer, time, manifest, publicKey } = asked;
  return { act, officer, time, manifest, signature: await assertion(publicKey) };
}
