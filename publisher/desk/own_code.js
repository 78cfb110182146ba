// SPDX-License-Identifier: Apache-2.0
// own_code - a one-time code and its digest, as `tocsin enrol --code` makes them: the code is its holder's, the digest goes into
// the change. What is used in the end is the code and the word that the confirmation makes: nobody but the holder has both.
import { hex, sha256 } from './passkey.js';

export async function newCode() {
  const { mode } = document.body.dataset;
  const secret = hex(crypto.getRandomValues(new Uint8Array(32)));
  const code = `${mode === 'live' ? '' : `${mode}-`}${secret}`;
  return { code, digest: await sha256(code) };
}

// As somebody reads the word off a slip.
export const whole = (code, word) => (word.trim() ? `${code.trim()}.${word.replace(/\s/g, '').toUpperCase()}` : code.trim());
