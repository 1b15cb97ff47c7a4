// One message: as a screen of its own, and as the pane beside a list.

import { message } from './api.js';
import { emitNow, onChange, remove, reschedule, requeue } from './actions.js';
import { Body } from './body.js';
import { absolute, clock, count, distance, iso, length, now, plural } from './format.js';
import { onStats, queues } from './live.js';
import { Panel } from './panel.js';
import { may } from './rights.js';
import { copy, go, html, nothing, place, timeOf, toMessage, toQueue, update } from './view.js';

const LOOK_AGAIN = 5_000;

/** The word for how a message stands: scheduled ones whose time has passed are overdue. */
export function stateOf(item) {
  return item.state === 'scheduled' && Date.parse(item.due) < now() ? 'overdue' : item.state;
}

export function stateView(item) {
  const state = stateOf(item);
  return html`<span class="state ${state}">${state}</span>`;
}

const looks = (item) => [item.state, item.due, item.attempts, item.lastError, item.schedule, item.bodyBytes, item.leasedUntil].join('\n');

/** A message with what can be done with it; looks whether it has changed. */
export class MessageView {
  constructor(queue, id) {
    this.queue = queue;
    this.id = id;
    this.newer = null; // as it stands now, when that is not what is shown
    this.newerAt = 0;
    this.gone = false;
    this.copied = false;
    this.panel = new Panel(async (signal) => {
      const item = await (await message('GET', queue, id, '', { view: 'summary' }, { signal })).json();
      clock.heard(item.asOf);
      this.newer = null;
      this.gone = false;
      return item;
    });
    this.body = may('consume', queue) ? new Body(queue, id) : null;
    this.panel.reload();
    this.lookedAt = Date.now();
    this.seen = '';
    this.endStats = onStats(() => this.lookIfChanged());
    this.endChanges = onChange((where) => where === queue && this.again());
  }

  stop() {
    this.panel.stop();
    this.body?.stop();
    this.endStats();
    this.endChanges();
  }

  again() {
    this.panel.reload();
    this.body?.panel.reload();
  }

  lookIfChanged() {
    const { scheduled, leased, buried, nextDue } = queues.get(this.queue) ?? {};
    const now = JSON.stringify([scheduled, leased, buried, nextDue]);
    const moved = this.seen !== '' && this.seen !== now;
    this.seen = now;
    if (moved || Date.now() - this.lookedAt > LOOK_AGAIN) this.look();
  }

  /** Finds out whether it has changed, and shows nothing new unasked. */
  async look() {
    this.lookedAt = Date.now();
    if (!this.panel.data) return;
    try {
      const item = await (await message('GET', this.queue, this.id, '', { view: 'summary' })).json();
      if (looks(item) === looks(this.panel.data)) {
        this.newer = null;
      } else if (!this.newer || looks(item) !== looks(this.newer)) {
        this.newer = item;
        this.newerAt = Date.now();
      }
      this.gone = false;
    } catch (e) {
      this.gone = e.status === 404;
    }
    update();
  }

  key(event) {
    const item = this.panel.data;
    if (!item || this.gone || !may('admin', this.queue)) return false;
    if (event.key === 'r' && item.state === 'buried') requeue(this.queue, item.id);
    else if (event.key === 'e' && item.state !== 'leased') emitNow(this.queue, item);
    else if (event.key === 'Delete') remove(this.queue, item);
    else return false;
    return true;
  }

  view({ pane = false } = {}) {
    if (this.panel.problem?.status === 404 && !this.panel.data) return this.absent(pane);
    return this.panel.view((item) => this.shown(item, pane));
  }

  absent(pane) {
    return html`<section class="panel"><div class="empty">
      <strong>${this.id} is not there</strong>
      <span>It was acked, removed or never stored: the store keeps nothing of what is gone, so these cannot be told apart.</span>
      ${pane ? nothing : html`<a class="button" href=${toQueue(this.queue)}>Queue ${this.queue}</a>`}
    </div></section>`;
  }

  shown(item, pane) {
    return html`
      <div class="title">
        <h1>${pane ? html`<a href=${toMessage(this.queue, this.id)}>${this.id}</a>` : html`<a class="muted" href=${toQueue(this.queue)}>${this.queue}</a> / ${this.id}`}</h1>
        ${this.gone ? html`<span class="state gone">gone</span>` : stateView(item)}
        <span class="bar">${this.gone || !may('admin', this.queue) ? nothing : this.actions(item)}</span>
      </div>
      ${this.gone ? html`<div class="banner" role="alert">Gone since it was shown: acked or removed. This is how it was.</div>` : nothing}
      ${this.newer && !this.gone ? html`<div class="banner" role="status">Changed ${length(Date.now() - this.newerAt)} ago: it is ${stateOf(this.newer)} now.
        <button type="button" @click=${() => this.again()}>Show</button></div>` : nothing}
      <section class="panel" aria-label="Standing"><div class="inside">${this.facts(item)}</div></section>
      ${item.lastError ? html`<section class="panel"><header><h2>Last error</h2></header><div class="inside"><pre class="error">${item.lastError}</pre></div></section>` : nothing}
      ${this.body?.view(item) ?? html`<section class="panel"><p class="empty">To read bodies, a token needs the right consume.</p></section>`}
      ${headers(item.headers)}`;
  }

  actions(item) {
    const { queue } = this;
    return html`
      ${item.state === 'buried' ? html`<button type="button" class="main" data-do="requeue" @click=${() => requeue(queue, item.id)}>Requeue</button>` : nothing}
      ${item.state === 'scheduled' ? html`<button type="button" data-do="emit-now" @click=${() => emitNow(queue, item)}>Emit now</button>` : nothing}
      ${item.state !== 'leased' ? html`<button type="button" data-do="reschedule" @click=${() => reschedule(queue, item)}>Reschedule</button>` : nothing}
      <button type="button" class="danger" data-do="remove" @click=${() => remove(queue, item)}>Remove</button>`;
  }

  facts(item) {
    const zone = /\bzone (\S+)/.exec(item.schedule ?? '')?.[1] ?? clock.zone;
    return html`<dl class="facts">
      <dt>${item.state === 'buried' ? 'Was due' : 'Due'}</dt><dd>${timeOf(item.due)}
        <button type="button" class="plain small" @click=${async () => ((this.copied = await copy(item.due)), update())}>${this.copied ? 'Copied' : 'Copy'}</button></dd>
      ${item.leasedUntil ? html`<dt>Lease ends</dt><dd>${timeOf(item.leasedUntil)}</dd>` : nothing}
      ${item.schedule ? html`<dt>Schedule</dt><dd>${item.words ?? ''} <code class="muted">${item.schedule}</code></dd>
        <dt>Occurrence</dt><dd>${timeOf(item.scheduledFor, zone)}${item.missed ? `, and ${plural(item.missed, 'missed one')}` : ''}</dd>
        <dt>Next</dt><dd>${nextView(item.next, zone)}</dd>` : nothing}
      <dt>Attempts</dt><dd>${item.attempts === 0 ? (item.schedule ? 'none at this occurrence' : 'none yet') : count(item.attempts)}</dd>
    </dl>`;
  }
}

/** Instants that follow, in a zone. */
export function nextView(next, zone) {
  if (!next?.length) return html`<span class="muted">it ends here</span>`;
  return html`<ol class="next">${next.map((text) => {
    const millis = Date.parse(text);
    return html`<li title=${distance(millis)}><time datetime=${iso(millis)}>${absolute(millis, zone)}</time></li>`;
  })}</ol>`;
}

function headers(all) {
  const entries = Object.entries(all ?? {});
  return entries.length === 0
    ? nothing
    : html`<section class="panel"><header><h2>Headers</h2></header><div class="inside"><dl class="facts">${entries.map(([name, value]) => html`<dt class="mono">${name}</dt><dd class="mono">${value}</dd>`)}</dl></div></section>`;
}

/** The screen at /queues/QUEUE/message?id=ID. */
export function messageScreen({ queue }) {
  const id = place.query.get('id') ?? '';
  const message = new MessageView(queue, id);
  return {
    title: `${queue}/${id}`,
    view: () => message.view(),
    key: (event) => {
      if (event.key === 'Escape') {
        go(toQueue(queue));
        return true;
      }
      return message.key(event);
    },
    stop: () => message.stop(),
  };
}
