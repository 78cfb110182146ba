// SPDX-License-Identifier: Apache-2.0
// board - what waits, what is in force, what is going out.
import { h, fill } from './dom.js';

export function show(main) {
  fill(main, h('h1', { w: 'board.title' }));
}
