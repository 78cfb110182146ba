// SPDX-License-Identifier: Apache-2.0
// report - how prompt the house was and whom it reached: per unit, hazard and month, each as a bar with its figures, and
// every step as a table. The figures are the server's (GET /report/assessment); sums and shares of them are made here.
import { get, Problem } from './api.js';
import { channel, link } from './bits.js';
import { fill, h } from './dom.js';
import { onLanguage } from './frame.js';
import { beijing, now } from './live.js';
import { s } from './map.js';
import { field, option, section, table } from './tables.js';
import { either, t } from './words.js';

const WIDTH = 160;
const thisMonth = () => beijing(now()).slice(0, 7);

function took(seconds) {
  if (seconds === null || seconds === undefined) return '—';
  if (seconds < 60) return t('report.seconds', seconds.toFixed(1));
  if (seconds < 3600) return t('report.minutes', Math.floor(seconds / 60), Math.floor(seconds % 60));
  return t('report.hours', Math.floor(seconds / 3600), Math.floor(seconds % 3600 / 60));
}

// A bar beside its figure: who does not see it misses nothing.
function bar(share) {
  return s('svg', { class: 'bar-of', width: WIDTH, height: 14, viewBox: `0 0 ${WIDTH} 14`, 'aria-hidden': 'true' },
    s('rect', { class: 'whole', width: WIDTH, height: 14 }), s('rect', { class: 'share', width: Math.round(WIDTH * share), height: 14 }));
}

// The rows of one unit, hazard or month, put together. Of the steps `total` counts each bulletin once.
function together(rows, member) {
  const groups = new Map();
  for (const row of rows) {
    const key = row[member];
    const one = groups.get(key) ?? { key, count: 0, onTime: 0, worst: 0, reached: 0, failed: 0, unaccepted: 0 };
    groups.set(key, one);
    if (row.step === 'total') {
      one.count += row.count;
      one.onTime += row.on_time;
      one.worst = Math.max(one.worst, row.worst ?? 0);
    }
    one.reached += row.reached ?? 0;
    one.failed += row.failed ?? 0;
    one.unaccepted += row.unaccepted ?? 0;
  }
  return [...groups.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function grouped(title, rows, member, name) {
  const heads = [`report.${member}`, 'report.count', 'report.on-time', 'report.worst', 'report.reach', 'report.failed', 'report.unaccepted'];
  const line = (one) => {
    const share = one.count ? one.onTime / one.count : 0;
    return [name(one.key), one.count, one.count ? h('span', { class: 'with-bar' }, bar(share),
      h('span', { w: 'report.of', args: [(share * 100).toFixed(1), one.onTime, one.count] })) : '—', took(one.count ? one.worst : null), one.reached, one.failed, one.unaccepted];
  };
  return section(title, table(title, heads, together(rows, member).map(line), { number: [1, 3, 4, 5, 6] }));
}

const stepName = ({ step, target }) => [h('span', { w: `report.step.${step}` }), target && [' ', channel(target)]];
const percent = ({ count, on_time: onTime, share }) => h('span', { w: 'report.of', args: [(share * 100).toFixed(1), onTime, count] });

function steps(rows, names) {
  const heads = ['report.month', 'report.unit', 'report.hazard', 'report.kind', 'report.level', 'report.step', 'report.on-time', 'report.median',
    'report.p90', 'report.worst', 'report.limit'];
  const line = (row) => [row.month, names.unit(row.unit), names.hazard(row.hazard), h('span', { w: `kind.${row.kind}` }), h('span', { w: `level.${row.level}` }),
    stepName(row), percent(row), took(row.median), took(row.p90), took(row.worst), took(row.limit)];
  return section('report.rows', table('report.rows', heads, rows.map(line), { number: [6, 7, 8, 9, 10] }));
}

function lates(late, names) {
  if (!late.length) return section('report.late', h('p', { class: 'soft', w: 'report.late.empty' }));
  const line = (one) => [h('a', { href: link(one.id) }, one.headline), names.unit(one.unit), stepName(one),
    [took(one.took), !one.finished && h('span', { class: 'bad', w: 'report.unfinished' })], took(one.limit), one.reason || h('span', { class: 'bad', w: 'report.no-reason' })];
  return section('report.late', table('report.late', ['field.headline', 'report.unit', 'report.step', 'report.took', 'report.limit', 'report.reason'],
    late.map(line), { number: [3, 4] }));
}

function namesOf({ units }, { hazards }) {
  const unit = new Map(units.map((one) => [one.id, one.name]));
  const hazard = new Map(hazards.map((one) => [one.code, one]));
  return { unit: (id) => unit.get(id) ?? id, hazard: (code) => (hazard.has(code) ? either(hazard.get(code).zh, hazard.get(code).en) : code) };
}

// A choice among what the rows have, which keeps what was chosen.
function choices(select, values, name) {
  const chosen = select.value;
  fill(select, h('option', { value: '', w: 'report.all' }), [...new Set(values)].sort().map((value) => option(value, name(value))));
  select.value = [...select.options].some(({ value }) => value === chosen) ? chosen : '';
}

export function show(main) {
  const month = h('input', { id: 'month', type: 'month', value: thisMonth(), max: thisMonth(), required: true });
  const months = h('select', { id: 'months' }, ['1', '3', '6', '12', '36'].map((n) => option(n, n)));
  const unit = h('select', { id: 'unit', onchange: () => draw() }, h('option', { value: '', w: 'report.all' }));
  const hazard = h('select', { id: 'hazard', onchange: () => draw() }, h('option', { value: '', w: 'report.all' }));
  const said = h('p', { class: 'said', role: 'alert' });
  const csv = h('a', { class: 'button-like', download: 'tocsin-assessment.csv', w: 'report.csv' });
  const place = h('div', { class: 'stack', role: 'region', label: 'report.head' });
  let names = null;
  let report = null;
  let gone = false;

  const query = () => new URLSearchParams({ month: month.value || thisMonth(), months: months.value });

  function draw() {
    if (!report) return;
    choices(unit, report.rows.map((row) => row.unit), names.unit);
    choices(hazard, report.rows.map((row) => row.hazard), names.hazard);
    const rows = report.rows.filter((row) => (!unit.value || row.unit === unit.value) && (!hazard.value || row.hazard === hazard.value));
    const late = report.late.filter((row) => !unit.value || row.unit === unit.value);
    csv.href = `/api/v1/report/assessment?${query()}&format=csv`;
    if (!rows.length) return fill(place, h('p', { class: 'soft', w: 'report.empty' }));
    return fill(place, grouped('report.by-unit', rows, 'unit', names.unit), grouped('report.by-hazard', rows, 'hazard', names.hazard),
      grouped('report.by-month', rows, 'month', (key) => key), lates(late, names), steps(rows, names));
  }

  async function look(event) {
    event?.preventDefault();
    fill(said);
    try {
      const [rights, catalog, found] = await Promise.all([get('/rights'), get('/catalog'), get(`/report/assessment?${query()}`)]);
      if (gone) return;
      names = namesOf(rights, catalog);
      report = found;
      draw();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      said.textContent = problem.words;
    }
  }

  fill(main, h('h1', { w: 'report.head' }), h('p', { class: 'soft', w: 'report.says' }),
    h('form', { class: 'filters', novalidate: true, onsubmit: look }, field('month', 'report.month', month), field('months', 'report.months', months),
      h('button', { class: 'main', w: 'report.show' }), field('unit', 'report.unit', unit), field('hazard', 'report.hazard', hazard), csv),
    said, place);
  look();
  const end = onLanguage(draw);
  return () => {
    gone = true;
    end();
  };
}
