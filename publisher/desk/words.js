// SPDX-License-Identifier: Apache-2.0
// words - every word these pages say of their own, in Chinese and in English. {0} {1} stand for values. What the server says
// (sentences, names of states) comes in both languages from there.
const words = {
  'name': ['警钟', 'Tocsin'],
  'skip': ['跳到正文', 'Skip to the content'],

  'mode.live': ['实战', 'LIVE'],
  'mode.exercise': ['演练', 'EXERCISE'],
  'mode.test': ['测试', 'TEST'],
  'mode.live.says': ['发布即送达公众', 'what is released reaches the public'],
  'mode.exercise.says': ['不向公众发布', 'nothing reaches the public'],
  'mode.test.says': ['测试实例，不向公众发布', 'a test instance: nothing reaches the public'],

  'zone': ['北京时间', 'UTC+8'],
  'line.up': ['已连接', 'connected'],
  'line.down': ['已断开', 'cut off'],
  'line.wait': ['连接中', 'connecting'],
  'lost.title': ['与服务器的连接已中断', 'The connection to the server is lost'],
  'lost.says': ['页面停在 {0} 的内容；已输入的文字都在。正在自动重连，恢复前请勿据此判断，必要时改用电话。',
    'This page shows what was known at {0}; what you typed is kept. It reconnects by itself; until then do not rely on it, and use the telephone where needed.'],

  'language': ['English', '中文'],
  'theme.light': ['浅色', 'Light'],
  'theme.dark': ['深色', 'Dark'],
  'sign-out': ['退出', 'Sign out'],
  'who.duties': ['职责', 'duties'],
  'idle.says': ['无人操作，{0} 秒后自动退出', 'Nobody is here: signing out in {0} s'],
  'idle.stay': ['继续值班', 'I am here'],
  'ended.says': ['会话已结束，请重新登录。', 'Your session has ended: sign in again.'],

  'duty.draft': ['拟制', 'draft'],
  'duty.review': ['审核', 'review'],
  'duty.sign': ['签发', 'sign'],
  'duty.publish': ['发布', 'release'],
  'duty.admin': ['安全管理', 'administration'],
  'duty.accounts': ['系统管理', 'accounts'],
  'duty.audit': ['审计', 'audit'],

  'sign-in.title': ['登录值班台', 'Sign in to the desk'],
  'sign-in.officer': ['人员编号', 'Officer'],
  'sign-in.password': ['密码', 'Password'],
  'sign-in.code': ['动态码（6 位）', 'One-time code (6 digits)'],
  'sign-in.passkey': ['用通行密钥登录', 'Sign in with a passkey'],
  'sign-in.by-code': ['用动态码登录', 'Sign in with a code'],
  'sign-in.other-code': ['改用动态码', 'Use a one-time code instead'],
  'sign-in.other-passkey': ['改用通行密钥', 'Use a passkey instead'],
  'sign-in.working': ['正在登录…', 'Signing in…'],
  'sign-in.empty': ['请填写人员编号和密码。', 'Fill in officer and password.'],
  'sign-in.empty-code': ['请填写动态码。', 'Fill in the one-time code.'],

  'board.title': ['值班台', 'Desk'],
};

const place = 'tocsin-language';
let present = localStorage.getItem(place) === 'en' ? 'en' : 'zh';

export const language = () => present;

export function setLanguage(value) {
  present = value;
  localStorage.setItem(place, value);
  document.documentElement.lang = value === 'zh' ? 'zh-CN' : 'en';
}

export function t(key, ...values) {
  const both = words[key];
  if (!both) throw new Error(`no words for ${key}`);
  return both[present === 'zh' ? 0 : 1].replace(/\{(\d)\}/g, (_, n) => values[n] ?? '');
}

// Of two sentences the one in the present language.
export const either = (zh, en) => (present === 'zh' ? zh || en : en || zh);
