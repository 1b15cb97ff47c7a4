// Messages that come again and again: when next, in words, and how the coming week is filled.

import { ask } from './api.js';
import { absolute, clock, count, date, dayStart, distance, iso, now, time } from './format.js';
import { stateView } from './message.js';
import { Panel } from './panel.js';
import { onChange } from './actions.js';
import { openStore } from './store.js';
import { go, html, nothing, place, setQuery, toMessage, update } from './view.js';

const DAYS = 7;
const CELL_HOURS = 3;
const AGAIN = 30_000;

export function recurringScreen() {
  let week = [];
  const panel = new Panel((signal) => {
    week = weekEdges();
    const edges = place.query.get('view') === 'week' ? week.flat().concat(dayStart(now(), clock.zone, DAYS)).map(iso).join(',') : '';
    return ask('GET', '/v1/recurring', { query: { edges }, signal });
  });
  const again = setInterval(() => document.hidden || panel.reload(), AGAIN);
  const endChanges = onChange(() => panel.reload());
  let at = -1;
  panel.reload();

  const items = () => panel.data?.items ?? [];

  function view() {
    const asWeek = place.query.get('view') === 'week';
    const choose = (name) => setQuery({ view: name }, { replace: true });
    return html`<div class="title"><h1>Recurring</h1><span class="bar">
        <span class="segments" role="group" aria-label="Shown as"><button type="button" aria-pressed=${!asWeek} @click=${() => choose(null)}>List</button><button type="button" aria-pressed=${asWeek} @click=${() => choose('week')}>Week</button></span></span></div>
      <section class="panel">${panel.view((data) => html`${data.items.length === 0 ? none(data) : asWeek ? weekView(data) : list(data)}
        ${data.partial ? html`<p class="age muted">Of each queue the ${count(data.lookedAt)} messages due first were looked at; there are more.</p>` : nothing}`, 6)}</section>`;
  }

  function list(data) {
    return html`<table class="cards"><thead><tr><th>Id</th><th>Queue</th><th>Schedule</th><th>Next</th><th>State</th><th class="num">Tries</th></tr></thead>
      <tbody>${data.items.map(row)}</tbody></table>`;
  }

  function row(item, index) {
    const address = toMessage(item.queue, item.id);
    const zone = /\bzone (\S+)/.exec(item.schedule)?.[1] ?? clock.zone;
    const due = Date.parse(item.due);
    return html`<tr data-row=${item.id} class=${index === at ? 'at' : ''} @click=${(event) => event.target.closest('a') || go(address)}>
      <td class="id mono"><a href=${address}>${item.id}</a></td><td>${item.queue}</td><td class="full">${item.words}</td>
      <td class="full"><span class="nowrap">${absolute(due, zone)}</span> <span class="muted nowrap">· ${distance(due)}</span></td>
      <td>${stateView(item)}</td>
      <td class="num" data-word="tries">${item.attempts > 0 ? html`<span class="state failed" title=${item.lastError ?? ''}>${item.attempts}</span>` : ''}</td></tr>`;
  }

  function weekView(data) {
    const perDay = week.map((edges) => edges.length);
    let index = 0;
    const cells = perDay.map((many) => Array.from({ length: many }, () => sumAt(data.items, index++)));
    const most = Math.max(1, ...cells.flat());
    const rows = Array.from({ length: 24 / CELL_HOURS }, (_, row) => row);
    return html`<div class="inside scroll"><table class="week"><caption class="hidden">Firings in the coming week, ${clock.zone}</caption>
        <thead><tr><th><span class="hidden">From</span></th>${week.map((edges) => html`<th scope="col">${date(edges[0])}</th>`)}</tr></thead>
        <tbody>${rows.map((row) => html`<tr><th scope="row">${time(week[0][0] + row * CELL_HOURS * 3_600_000)}</th>${cells.map((day, d) => cell(day[row], most, week[d], row))}</tr>`)}</tbody></table>
      <p class="muted small">Firings in ${clock.zone}, by ${CELL_HOURS} hours. A dashed cell has an hour that the clocks skip or repeat.</p></div>`;
  }

  function cell(many, most, edges, row) {
    const from = edges[row];
    const to = edges[row + 1] ?? dayStart(from, clock.zone, 1);
    const shifted = to - from !== CELL_HOURS * 3_600_000;
    const level = many === 0 ? 0 : Math.ceil((many / most) * 3);
    return html`<td class=${shifted ? 'shifted' : ''} data-level=${level} title="${absolute(from)} to ${time(to)}: ${count(many)}">${many === 0 ? '·' : count(many)}</td>`;
  }

  return {
    title: 'Recurring',
    view,
    key(event) {
      if (event.key === 'j' || event.key === 'k') {
        at = Math.max(0, Math.min(items().length - 1, at + (event.key === 'j' ? 1 : -1)));
        update();
      } else if (event.key === 'Enter' && items()[at] && !event.target.closest('a, button')) {
        go(toMessage(items()[at].queue, items()[at].id));
      } else {
        return false;
      }
      return true;
    },
    query: () => panel.reload(),
    stop() {
      clearInterval(again);
      endChanges();
      panel.stop();
    },
  };
}

/** Where the cells of the coming week begin, day by day, by the clocks of the zone. */
function weekEdges() {
  const hours = Array.from({ length: 24 / CELL_HOURS }, (_, row) => row * CELL_HOURS);
  return Array.from({ length: DAYS }, (_, day) => hours.map((hour) => dayStart(now(), clock.zone, day, hour)));
}

const sumAt = (items, index) => items.reduce((total, item) => total + (item.firings?.[index] ?? 0), 0);

function none(data) {
  return html`<div class="empty"><strong>Nothing recurs</strong>
    <span>${data.partial ? 'At least not among the messages that are due first.' : 'A message with an interval or a cron schedule appears here.'}</span>
    <button type="button" class="main" @click=${() => openStore()}>Store one</button></div>`;
}
