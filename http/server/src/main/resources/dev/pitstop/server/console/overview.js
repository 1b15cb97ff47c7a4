// All queues: what waits, what is late, what failed.

import { onChange, setPaused } from './actions.js';
import { count, length, now, rate, value } from './format.js';
import { queues, restartLive } from './live.js';
import { trouble } from './panel.js';
import { may } from './rights.js';
import { openStore } from './store.js';
import { badTarget } from './target.js';
import { Timeline } from './timeline.js';
import { go, html, live, nothing, place, repeat, setQuery, shortTime, to, toQueue, update } from './view.js';

export const late = (item) => (item.nextDue ? Math.max(0, now() - Date.parse(item.nextDue)) : 0);

const MOST_SHOWN = 200;
const FILTERED_FROM = 15;
const NOTICED = 1_000; // being late by less is how every message leaves

const byLateness = (a, b) => late(b) - late(a) || a.queue.localeCompare(b.queue);

/** The queues in an order that does not change under the pointer. */
class Order {
  constructor() {
    this.names = [];
    this.held = false;
  }

  of(items) {
    if (!this.held || this.names.length === 0) {
      const settled = (item) => ({ ...item, nextDue: late(item) > NOTICED && !item.paused ? item.nextDue : null });
      this.names = items.map(settled).sort(byLateness).map((item) => item.queue);
    }
    const place = new Map(this.names.map((name, i) => [name, i]));
    return [...items].sort((a, b) => (place.get(a.queue) ?? Infinity) - (place.get(b.queue) ?? Infinity));
  }
}

export function overviewScreen() {
  const timeline = new Timeline();
  const order = new Order();
  const endChanges = onChange(() => update());
  let at = -1;
  let shown = [];

  function view() {
    const { items } = queues;
    if (items === null) {
      return queues.problem ? html`<section class="panel">${trouble(queues.problem, restartLive)}</section>` : nothing;
    }
    const holds = place.query.get('q') ?? '';
    const matching = order.of(items).filter((item) => item.queue.includes(holds));
    shown = matching.slice(0, MOST_SHOWN);
    if (items.length === 0) return html`<h1 class="hidden">Overview</h1>${empty()}`;
    return html`<h1 class="hidden">Overview</h1>${tiles(items)}${timeline.view()}
      <section class="panel" aria-label="Queues">
        <header><h2>Queues</h2>
          ${items.length >= FILTERED_FROM || holds ? html`<input type="search" class="find" aria-label="Name of the queue holds" placeholder="name holds" .value=${live(holds)} @input=${(event) => setQuery({ q: event.target.value }, { replace: true })}>` : nothing}
          <button type="button" @click=${() => openStore()}>Store a message</button></header>
        <div @pointerenter=${() => (order.held = true)} @pointerleave=${() => (order.held = false)}>
        <table class="cards"><thead><tr><th>Queue</th><th>Late</th><th class="num">Scheduled</th><th class="num">Leased</th><th class="num">Buried</th><th class="wide">Next due</th><th class="num wide">Acked/s</th><th><span class="hidden">Actions</span></th></tr></thead>
        <tbody>${repeat(shown, (item) => item.queue, row)}</tbody></table></div>
        ${matching.length === 0 ? html`<p class="empty">No queue's name holds ${holds}.</p>` : nothing}
        ${matching.length > shown.length ? html`<p class="age muted">The ${count(shown.length)} that are latest, of ${count(matching.length)}.</p>` : nothing}
      </section>`;
  }

  function row(item, index) {
    const address = toQueue(item.queue);
    const click = (event) => event.target.closest('a, button') || go(address);
    return html`<tr data-row=${item.queue} class=${index === at ? 'at' : ''} @click=${click}>
      <td class="id"><a href=${address}>${item.queue}</a></td>
      <td>${lateView(item)} ${badTarget(item.target)}</td>
      <td class="num" data-word="scheduled">${count(item.scheduled)}</td>
      <td class="num" data-word="leased">${count(item.leased)}</td>
      <td class="num" data-word="buried">${value(item.buried) > 0 ? html`<a class="ink-buried" href=${toQueue(item.queue, { state: 'buried' })}>${count(item.buried)}</a>` : '0'}</td>
      <td class="wide">${item.nextDue ? shortTime(item.nextDue) : html`<span class="muted">–</span>`}</td>
      <td class="num wide">${rate(item.rates?.acked)}</td>
      <td class="num">${pauseButton(item)}</td></tr>`;
  }

  return {
    title: 'Overview',
    view,
    key(event) {
      if (timeline.key(event)) return true;
      if (event.key === 'j' || event.key === 'k') {
        at = Math.max(0, Math.min(shown.length - 1, at + (event.key === 'j' ? 1 : -1)));
        order.held = true;
        update();
      } else if (event.key === 'Enter' && shown[at] && !event.target.closest('a, button')) {
        go(toQueue(shown[at].queue));
      } else if (event.key === 'p' && shown[at] && may('admin', shown[at].queue)) {
        setPaused(shown[at].queue, !shown[at].paused);
      } else {
        return false;
      }
      return true;
    },
    query: () => timeline.moveTo(),
    stop() {
      timeline.stop();
      endChanges();
    },
  };
}

/** Whether a queue is late, and by how much. */
export function lateView(item) {
  if (item.paused) return html`<span class="state paused">paused</span>`;
  const by = late(item);
  return by > NOTICED ? html`<span class="state overdue">${length(by)} late</span>` : html`<span class="muted">in time</span>`;
}

export function pauseButton(item) {
  if (!may('admin', item.queue)) return nothing;
  return html`<button type="button" data-do=${item.paused ? 'resume' : 'pause'} @click=${() => setPaused(item.queue, !item.paused)}>${item.paused ? 'Resume' : 'Pause'}</button>`;
}

function sum(items, name) {
  const numbers = items.map((item) => item[name]).filter((each) => each !== undefined);
  const relations = new Set(numbers.map((each) => each?.relation ?? 'exact'));
  const relation = relations.has('estimate') ? 'estimate' : relations.has('at-least') ? 'at-least' : 'exact';
  return { value: numbers.reduce((total, each) => total + value(each), 0), relation };
}

function tiles(items) {
  const latest = Math.max(0, ...items.filter((item) => !item.paused).map(late));
  const paused = items.filter((item) => item.paused).length;
  const perSecond = items.some((item) => item.rates) ? items.reduce((total, item) => total + (item.rates?.acked ?? 0), 0) : undefined;
  const tile = (state, words, number, note, address) => {
    const inside = html`<span class="state ${state}">${words}</span><b>${number}</b><span class="small muted">${note}</span>`;
    return address ? html`<a class="tile" href=${address}>${inside}</a>` : html`<div class="tile">${inside}</div>`;
  };
  return html`<div class="tiles">
    ${tile('scheduled', 'scheduled', count(sum(items, 'scheduled')), paused ? `${paused} of ${items.length} queues paused` : `in ${items.length} queues`)}
    ${tile('overdue', 'late', latest > NOTICED ? length(latest) : 'in time', latest > NOTICED ? 'the oldest that is due' : 'nothing waits past its time')}
    ${tile('leased', 'leased', count(sum(items, 'leased')), 'in hands now')}
    ${tile('buried', 'buried', count(sum(items, 'buried')), 'look why', to('/buried'))}
    ${perSecond === undefined ? nothing : tile('acked', 'acked/s', rate(perSecond), 'by this node')}
  </div>`;
}

function empty() {
  return html`<section class="panel"><div class="empty">
    <strong>Nothing is stored yet</strong>
    <span>A message that is stored appears here at once:</span>
    <pre>curl ${location.origin}/v1/queues/mail/messages -H 'Pitstop-Delay: 15m' -d hi</pre>
    <button type="button" class="main" @click=${() => openStore()}>Store a message</button></div></section>`;
}
