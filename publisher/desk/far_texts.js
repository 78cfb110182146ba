// SPDX-License-Identifier: Apache-2.0
// far_texts - each far side's text as people there will have it: a short message cut into its parts, a post with its count, an
// article as a card, a page as its words. How much room a text takes is the server's count where it has just been made.
import { channel } from './bits.js';
import { h } from './dom.js';
import { beijing, now } from './live.js';
import { either, t } from './words.js';

const SINGLE = 70;
const PART = 67;

// Until it is released the moment stands as a mark; any moment is as wide as another, so parts are cut where they will be.
function filled(text) {
  const moment = beijing(now());
  const [date, time] = [moment.slice(0, 10).split('-'), moment.slice(11, 16).split(':')];
  return text.replaceAll('{iso}{sent}', `${moment.slice(0, 19)}+08:00`).replaceAll('{sent}', `${date[0]}年${date[1]}月${date[2]}日${time[0]}时${time[1]}分`);
}

// As gateways cut: 70 units of UTF-16, or 67 a part; a character of two units is never cut.
function partsOf(text) {
  if (text.length <= SINGLE) return [text];
  const parts = [''];
  for (const character of text) {
    if (parts.at(-1).length + character.length > PART) parts.push('');
    parts[parts.length - 1] += character;
  }
  return parts;
}

// Markup becomes its words: nothing of it is ever put into this page.
const entities = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': '\'' };
const wordsOf = (html) => html.replace(/<(style|script|svg|head)\b[\s\S]*?<\/\1>/g, '').replace(/<(br|\/p|\/h\d|\/div|\/li|\/dd|\/tr)\b[^>]*>/g, '\n')
  .replace(/<[^>]*>/g, '').replace(/&(lt|gt|amp|quot|#39);/g, (_, one) => entities[one]).replace(/[ \t]+/g, ' ').replace(/\s*\n\s*/g, '\n').trim();

function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function article(text) {
  const { title, digest, content } = jsonOf(text) ?? {};
  if (!title) return h('pre', {}, text);
  return [h('div', { class: 'as-card' }, h('strong', {}, title), h('p', { class: 'soft' }, digest)), h('pre', {}, wordsOf(content))];
}

const shown = {
  sms: (text) => h('ol', { class: 'parts' }, partsOf(text).map((one, n, all) => h('li', {}, all.length > 1 && h('small', { w: 'texts.part', args: [n + 1, all.length, one.length] }), h('pre', {}, one)))),
  weibo: (text) => h('div', { class: 'as-card' }, h('p', {}, text)),
  wecom: (text) => h('div', { class: 'as-card' }, h('pre', {}, text)),
  wechat: article,
  website: (text) => h('div', { class: 'as-page' }, h('pre', {}, wordsOf(text))),
};
const asJson = (text) => h('pre', {}, JSON.stringify(jsonOf(text), null, 1) ?? text);
const body = (kind, text) => (shown[kind] ?? (kind === 'mqtt' || kind === 'webhook' ? asJson : (one) => h('pre', {}, one)))(text);

// "72 / 670 characters, 2 parts, cost 4.32": each only where it is known.
function room({ kind, text, fit, recipients, yuan }) {
  const soft = (w, ...args) => h('span', { class: 'soft', w, args });
  const parts = kind === 'sms' ? partsOf(filled(text)).length : 1;
  return [fit ? h('span', { class: fit.used > 0.9 * fit.limit ? 'near' : 'soft', w: `texts.${fit.unit}`, args: [fit.used, fit.limit] }) : soft('texts.count', [...text].length),
    ' ', kind === 'sms' && soft('texts.parts', parts), ' ', recipients !== undefined && soft('release.people', recipients),
    ' ', yuan !== undefined && h('strong', { w: 'texts.cost', args: [yuan, parts * recipients] }), ' ', fit?.shortened && h('span', { class: 'near', w: 'texts.shortened' })];
}

export function texts(b) {
  if (!b.texts.length) return null;
  return h('section', { class: 'texts' }, h('h2', { w: 'texts.title' }),
    b.texts.some(({ text }) => text.includes('{sent}')) && h('p', { class: 'soft', w: 'texts.moment' }), b.texts.map((one) =>
    h('details', { open: one.kind === 'sms' },
      h('summary', {}, h('strong', {}, channel(one.target)), ' ', room(one)), body(one.kind, filled(one.text)))));
}

// --- what is shown to whoever writes -------------------------------------------------------------------------------

const names = { en: 'English', 'zh-CN': '简明中文' };

export const plain = ({ plain: list }) => list?.length > 0 && h('section', { class: 'texts plain' }, h('h2', { w: 'plain.title' }),
  h('p', { class: 'soft', w: 'plain.says' }), list.map(({ language, text, notes }) => h('details', {},
    h('summary', {}, h('strong', {}, names[language] ?? language), notes.length > 0 && h('span', { class: 'soft', w: 'plain.notes', args: [notes.length] })),
    text && h('pre', { lang: language }, filled(text)),
    h('ul', { class: 'problems' }, notes.map((one) => h('li', { class: 'soft' }, '• ', either(one.message_zh, one.message)))))));

export const cap = (b) => b.cap && h('section', { class: 'texts' }, h('details', {},
  h('summary', {}, h('strong', {}, 'CAP 1.2'), ' ', h('span', { class: 'soft', w: 'texts.long', args: [new TextEncoder().encode(b.cap).length] })),
  h('pre', {}, b.cap.replace(/></g, '>\n<'))));

// The eight contents a warning must have (突发事件应对法 art. 64), and whether they are there: unit and moment come by themselves.
export function contents(report, b) {
  if ((report.kind ?? 'warning') !== 'warning') return null;
  const eight = [['hazard', report.hazard], ['level', report.level && report.level !== 'none'], ['start', report.when], ['area', report.where?.length || report.shapes?.length],
    ['matters', report.what], ['measures', report.instruction], ['unit', true], ['moment', true]];
  return h('ul', { class: 'contents', label: 'contents.title' }, eight.map(([name, there]) => h('li', { class: there ? 'soft' : 'bad' },
    h('span', { 'aria-hidden': 'true' }, there ? '✓ ' : '○ '), h('span', { w: `contents.${name}` }), name === 'unit' && b ? `：${b.unit_name}` : '',
    !there && h('span', { class: 'only-read' }, t('contents.missing')))));
}
