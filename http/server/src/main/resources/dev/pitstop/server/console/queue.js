// One queue: its timeline and its messages, with the one that is open beside them.

import { emitNow, onChange, remove, requeue, setPaused } from './actions.js';
import { doWithMatching, doWithPicked } from './bulk.js';
import { absolute, clock, count, iso, localInput, ofLocalInput, rate } from './format.js';
import { MessageList, selectedWords } from './list.js';
import { queues } from './live.js';
import { MessageView } from './message.js';
import { lateView, pauseButton } from './overview.js';
import { Relays } from './relays.js';
import { may } from './rights.js';
import { openStore } from './store.js';
import { Target } from './target.js';
import { Timeline } from './timeline.js';
import { go, html, live, nothing, place, setQuery, toMessage, update } from './view.js';

const WITH_PANE = matchMedia('(min-width: 1280px)');
const TYPING = 250;
const FILTERS = ['state', 'from', 'to', 'prefix'];

export function queueScreen({ queue }) {
  return new QueueScreen(queue);
}

class QueueScreen {
  constructor(queue) {
    this.queue = queue;
    this.title = queue;
    this.timeline = new Timeline(queue);
    this.list = new MessageList(queue, () => this.filter(true), (item) => this.open(item));
    this.pane = null;
    this.target = new Target(queue);
    this.relays = new Relays(queue);
    this.asked = this.address();
    this.typing = 0;
    this.typed = null; // what is typed and not yet asked for
    this.window = false;
    this.resized = () => this.showPane();
    WITH_PANE.addEventListener('change', this.resized);
    this.showPane();
    this.endChanges = onChange((where) => where === queue && this.timeline.panel.reload());
  }

  stop() {
    this.timeline.stop();
    this.list.stop();
    this.pane?.stop();
    this.target.stop();
    this.relays.stop();
    clearTimeout(this.typing);
    WITH_PANE.removeEventListener('change', this.resized);
    this.endChanges();
  }

  /** What the address has the list filtered by. */
  filter(cursor = false) {
    const { query } = place;
    const names = cursor ? [...FILTERS, 'cursor'] : FILTERS;
    return Object.fromEntries(names.map((name) => [name, query.get(name)]).filter(([, text]) => text));
  }

  address() {
    return JSON.stringify(this.filter(true));
  }

  /** The address has changed. */
  query() {
    if (this.address() !== this.asked) {
      this.asked = this.address();
      this.list.reload();
    }
    this.timeline.moveTo();
    this.showPane();
  }

  setFilter(changes) {
    setQuery({ ...changes, cursor: null }, { replace: true, state: null });
  }

  open(item) {
    if (WITH_PANE.matches) setQuery({ open: item.id });
    else go(toMessage(this.queue, item.id));
  }

  showPane() {
    const id = WITH_PANE.matches ? place.query.get('open') : null;
    if (id !== (this.pane?.id ?? null)) {
      this.pane?.stop();
      this.pane = id ? new MessageView(this.queue, id) : null;
      update();
    }
  }

  /** The item that keys are about: the row that is marked, or the one that is open. */
  get current() {
    return this.list.items[this.list.at] ?? this.pane?.panel.data;
  }

  key(event) {
    if (this.timeline.key(event)) return true;
    const admin = may('admin', this.queue);
    if (event.key === 'p' && admin) {
      setPaused(this.queue, !queues.get(this.queue)?.paused);
      return true;
    }
    const selected = this.list.picked();
    const bulk = admin && { r: 'requeue', e: 'emit-now', Delete: 'remove' }[event.key];
    if (bulk && (selected.length > 0 || this.list.everything)) {
      this.forSelected(bulk);
      return true;
    }
    const item = this.current;
    if (item && bulk) {
      if (bulk === 'requeue' && item.state === 'buried') requeue(this.queue, item.id);
      else if (bulk === 'emit-now' && item.state === 'scheduled') emitNow(this.queue, item);
      else if (bulk === 'remove') remove(this.queue, item);
      else return false;
      return true;
    }
    if (event.key === 'Escape' && this.pane && this.list.selected.size === 0) {
      setQuery({ open: null });
      return true;
    }
    return this.list.key(event);
  }

  view() {
    const stats = queues.get(this.queue);
    return html`<div class="title">
        <h1>${this.queue}</h1>${stats ? lateView(stats) : nothing}${this.target.badge()}
        <span class="bar">${this.target.button()}${stats ? pauseButton(stats) : nothing}
          ${may('store', this.queue) ? html`<button type="button" class="main" data-do="store" @click=${() => openStore(this.queue)}>Store</button>` : nothing}</span>
      </div>
      ${stats ? html`<p class="bar">${this.stateLinks(stats)}</p>` : nothing}
      ${this.target.trouble()}
      ${this.relays.view()}
      ${this.timeline.view()}
      <div class="columns ${this.pane ? 'paned' : ''}">
        <section class="panel" aria-label="Messages">
          ${this.filters()}
          ${this.list.selected.size > 0 ? this.strip() : nothing}
          ${this.list.panel.view((page) => this.page(page), 8)}
        </section>
        ${this.pane ? html`<div class="pane main-grid">${this.paneView()}</div>` : nothing}
      </div>`;
  }

  paneView() {
    return html`<div class="form">${this.pane.view({ pane: true })}
      <button type="button" class="plain" @click=${() => setQuery({ open: null })}>Close</button></div>`;
  }

  stateLinks(stats) {
    const chosen = place.query.get('state');
    const choose = (state) => this.setFilter({ state: chosen === state ? null : state, prefix: null, from: null, to: null });
    const rates = stats.rates;
    return html`${['scheduled', 'leased', 'buried'].map((state) => html`<button type="button" aria-pressed=${chosen === state} data-state=${state} @click=${() => choose(state)}>
        <span class="state ${state}">${count(stats[state])} ${state}</span></button>`)}
      ${rates ? html`<span class="muted small">stored ${rate(rates.stored)}/s · emitted ${rate(rates.emitted)}/s · acked ${rate(rates.acked)}/s</span>` : nothing}`;
  }

  filters() {
    const filter = this.filter();
    const typed = (event) => {
      clearTimeout(this.typing);
      this.typed = event.target.value;
      this.typing = setTimeout(() => {
        const prefix = this.typed;
        this.typed = null;
        this.setFilter({ prefix, state: null, from: null, to: null });
      }, TYPING);
    };
    const time = (name) => html`<input type="datetime-local" aria-label=${'Due ' + name + ', ' + clock.zone} .value=${live(filter[name] ? localInput(Date.parse(filter[name])) : '')}
      @change=${(event) => this.setFilter({ [name]: event.target.value ? iso(ofLocalInput(event.target.value)) : null, prefix: null })}>`;
    const windowed = this.window || filter.from || filter.to;
    return html`<header><h2>Messages</h2>
      <input type="search" class="find mono" aria-label="Id begins with" placeholder="id begins with" .value=${live(this.typed ?? filter.prefix ?? '')} @input=${typed} spellcheck="false">
      ${windowed ? html`<span class="bar">due ${time('from')} to ${time('to')}</span>` : html`<button type="button" class="plain" @click=${() => ((this.window = true), update())}>Due within…</button>`}
      ${Object.keys(filter).length > 0 ? html`<button type="button" @click=${() => this.clear()}>Clear</button>` : nothing}</header>`;
  }

  clear() {
    clearTimeout(this.typing);
    this.typed = null;
    this.window = false;
    this.setFilter({ state: null, from: null, to: null, prefix: null });
  }

  words() {
    const { state, from, to, prefix } = this.filter();
    const due = from || to ? `due${from ? ' from ' + absolute(Date.parse(from)) : ''}${to ? ' to ' + absolute(Date.parse(to)) : ''}` : '';
    return [state, due, prefix ? `ids that begin with ${prefix}` : ''].filter(Boolean).join(', ');
  }

  forSelected(action) {
    const { list } = this;
    if (list.everything) doWithMatching(action, this.queue, this.filter(), this.words() || 'messages');
    else doWithPicked(action, list.picked());
  }

  strip() {
    const { list } = this;
    const act = (name) => () => this.forSelected(name);
    const whole = list.selected.size === list.items.length && (list.panel.data?.next || place.query.get('cursor'));
    return html`<div class="strip" role="group" aria-label="For what is selected"><strong>${selectedWords(list)}</strong>
      ${whole && !list.everything ? html`<button type="button" class="plain" @click=${() => ((list.everything = true), update())}>Select all that match</button>` : nothing}
      ${may('admin', this.queue) ? html`<button type="button" @click=${act('requeue')}>Requeue…</button><button type="button" @click=${act('reschedule')}>Reschedule…</button>
      <button type="button" @click=${act('emit-now')}>Emit now…</button><button type="button" class="danger" @click=${act('remove')}>Remove…</button>` : nothing}
      <button type="button" class="plain" @click=${() => list.clear()}>Clear</button></div>`;
  }

  page(page) {
    const cursor = place.query.get('cursor');
    if (page.items.length === 0 && !cursor) return this.none();
    const trail = history.state?.trail ?? []; // the cursors of the pages before
    const next = () => setQuery({ cursor: page.next }, { state: { trail: [...trail, cursor ?? ''] } });
    const before = () => setQuery({ cursor: trail.at(-1) || null }, { state: { trail: trail.slice(0, -1) } });
    return html`${page.items.length ? this.list.view(page, place.query.get('open')) : html`<p class="empty">End of list: there is nothing further.</p>`}
      <nav class="pager" aria-label="Pages">
        ${cursor ? html`<button type="button" @click=${before}>${trail.length ? '‹ Before' : '« First page'}</button>` : nothing}
        <span class="grow muted small">${page.next ? '' : 'End of list'}</span>
        ${page.next ? html`<button type="button" data-do="next-page" @click=${next}>Next ›</button>` : nothing}</nav>`;
  }

  none() {
    const words = this.words();
    return words
      ? html`<div class="empty"><span>No message matches: <strong>${words}</strong>.</span><button type="button" @click=${() => this.clear()}>Clear</button></div>`
      : html`<div class="empty"><strong>This queue holds nothing</strong><span>What was acked or removed is gone.</span>
          <button type="button" class="main" @click=${() => openStore(this.queue)}>Store a message</button></div>`;
  }
}

