// SPDX-License-Identifier: Apache-2.0
// sound - two short tones when something new waits for whoever sits here; and whether they are wanted.
const place = 'tocsin-sound';
let context = null;

export const isOn = () => localStorage.getItem(place) !== 'off';

export function turn() {
  localStorage.setItem(place, isOn() ? 'off' : 'on');
  if (isOn()) ring();
}

function tone(at, frequency) {
  const source = context.createOscillator();
  const volume = context.createGain();
  source.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.2, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.3);
  source.connect(volume).connect(context.destination);
  source.start(at);
  source.stop(at + 0.32);
}

// urgent: twice, for red and orange. A browser lets no page sound before its first press, and complains of one that tries.
export function ring(urgent = false) {
  if (!isOn() || navigator.userActivation?.hasBeenActive === false) return;
  context ??= new AudioContext();
  for (let n = 0; n < (urgent ? 2 : 1); n++) {
    tone(context.currentTime + n * 0.8, 660);
    tone(context.currentTime + n * 0.8 + 0.25, 880);
  }
}
