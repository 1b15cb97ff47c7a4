// A page of messages as a table. Rows never move under the pointer: what is new waits until asked
// for while something is selected or the pointer or the focus is on the table.

import { ask, message, queuePath } from './api.js';
import { onChange } from './actions.js';
import { count, length, plural } from './format.js';
import { onStats, queues } from './live.js';
import { stateView } from './message.js';
import { Panel } from './panel.js';
import { html, nothing, repeat, timeOf, toMessage, update } from './view.js';

const PAGE = 50;
const LOOK_AGAIN = 15_000;

export class MessageList {
  /**
   * @param query gives what the server is asked by: state, from, to, prefix, cursor
   * @param open is called with an item that is opened
   */
  constructor(queue, query, open) {
    this.queue = queue;
    this.query = query;
    this.open = open;
    this.selected = new Set();
    this.everything = false;
    this.at = -1;
    this.touched = false;
    this.fresh = null; // the page as it is now, while an older one is shown
    this.gone = new Set();
    this.panel = new Panel((signal) => this.load(signal));
    this.seen = '';
    this.lookedAt = 0;
    this.endStats = onStats(() => this.lookIfChanged());
    this.endChanges = onChange((where) => where === queue && this.look(true));
    this.reload();
  }

  stop() {
    this.panel.stop();
    this.endStats();
    this.endChanges();
  }

  /** Another page, or another filter. */
  reload() {
    this.clear();
    this.at = -1;
    this.fresh = null;
    this.gone.clear();
    this.lookedAt = Date.now();
    this.panel.data = null;
    return this.panel.reload();
  }

  async load(signal) {
    const query = this.query();
    const page = await ask('GET', queuePath(this.queue, '/messages'), { query: { ...query, limit: PAGE }, signal });
    if (query.prefix && !query.cursor && !page.items.some((item) => item.id === query.prefix)) {
      const exact = await message('GET', this.queue, query.prefix, '', { view: 'summary' }, { signal }).then((answer) => answer.json(), () => null);
      if (exact) page.items.unshift(exact);
    }
    if (query.prefix) page.items.sort((a, b) => (b.id === query.prefix) - (a.id === query.prefix));
    return page;
  }

  get items() {
    return this.panel.data?.items ?? [];
  }

  get frozen() {
    return this.touched || this.selected.size > 0 || document.querySelector('.messages :focus-visible') !== null;
  }

  lookIfChanged() {
    const stats = queues.get(this.queue);
    const now = stats ? [stats.scheduled, stats.leased, stats.buried, stats.nextDue].map((each) => JSON.stringify(each)).join() : '';
    const changed = this.seen !== '' && now !== this.seen;
    this.seen = now;
    if (changed || Date.now() - this.lookedAt > LOOK_AGAIN) this.look();
  }

  /** Takes over what has changed in place; new rows and another order only when nobody is at it. */
  async look(force = false) {
    if (!this.panel.data || this.panel.loading) return;
    this.lookedAt = Date.now();
    let page;
    try {
      page = await this.load(new AbortController().signal);
    } catch {
      return; // what is shown stays; the banner says when the server is away
    }
    if (!this.frozen || force) {
      this.panel.data = page;
      this.panel.at = Date.now();
      this.fresh = null;
      this.gone.clear();
    } else {
      const byId = new Map(page.items.map((item) => [item.id, item]));
      const shown = new Set(this.items.map((item) => item.id));
      this.panel.data = { ...this.panel.data, items: this.items.map((item) => byId.get(item.id) ?? item) };
      this.gone = new Set([...shown].filter((id) => !byId.has(id)));
      const added = page.items.filter((item) => !shown.has(item.id)).length;
      this.fresh = added > 0 || this.gone.size > 0 ? { page, added } : null;
    }
    const there = new Set(this.items.map((item) => item.id));
    this.selected = new Set([...this.selected].filter((id) => there.has(id)));
    update();
  }

  showFresh() {
    this.panel.data = this.fresh.page;
    this.fresh = null;
    this.gone.clear();
    update();
  }

  clear() {
    this.selected.clear();
    this.everything = false;
    update();
  }

  toggle(item) {
    if (!this.selected.delete(item.id)) this.selected.add(item.id);
    this.everything = false;
    update();
  }

  toggleAll() {
    if (this.selected.size === this.items.length) this.selected.clear();
    else this.selected = new Set(this.items.map((item) => item.id));
    this.everything = false;
    update();
  }

  /** The items that were picked. */
  picked() {
    return this.items.filter((item) => this.selected.has(item.id));
  }

  key(event) {
    const { items } = this;
    if (event.key === 'j' || event.key === 'k') {
      this.at = Math.max(0, Math.min(items.length - 1, this.at + (event.key === 'j' ? 1 : -1)));
      update();
      document.querySelectorAll('.messages tbody tr')[this.at]?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'x' && items[this.at]) {
      this.toggle(items[this.at]);
    } else if (event.key === 'Enter' && items[this.at] && !event.target.closest('a, button')) {
      this.open(items[this.at]);
    } else if (event.key === 'Escape' && this.selected.size) {
      this.clear();
    } else {
      return false;
    }
    return true;
  }

  view(page, opened) {
    const all = this.selected.size === page.items.length && page.items.length > 0;
    return html`<div class="messages" @pointerenter=${() => (this.touched = true)} @pointerleave=${() => (this.touched = false)}>
      ${this.fresh ? html`<div class="strip" role="status">${this.fresh.added ? `${count(this.fresh.added)} new` : 'Some have gone'}, seen ${length(Date.now() - this.lookedAt)} ago
        <button type="button" @click=${() => this.showFresh()}>Show</button></div>` : nothing}
      <table class="cards">
        <thead><tr>
          <th class="check"><input type="checkbox" aria-label="Select all on this page" .checked=${all} .indeterminate=${!all && this.selected.size > 0} @change=${() => this.toggleAll()}></th>
          <th>Id</th><th>State</th><th>Due</th><th class="num">Tries</th><th class="note">Schedule or last error</th></tr></thead>
        <tbody>${repeat(page.items, (item) => item.id, (item, index) => this.row(item, index, opened))}</tbody>
      </table></div>`;
  }

  row(item, index, opened) {
    const classes = [
      this.selected.has(item.id) ? 'chosen' : '',
      item.id === opened ? 'open' : '',
      index === this.at ? 'at' : '',
      this.gone.has(item.id) ? 'gone' : '',
    ].join(' ');
    const openRow = (event) => {
      if (event.target.closest('input, a, button') || getSelection().toString()) return;
      this.open(item);
    };
    const openLink = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      this.open(item);
    };
    return html`<tr data-row=${item.id} class=${classes} @click=${openRow}>
      <td class="check"><input type="checkbox" aria-label=${'Select ' + item.id} .checked=${this.selected.has(item.id)} @change=${() => this.toggle(item)}></td>
      <td class="id mono"><a href=${toMessage(this.queue, item.id)} @click=${openLink}>${item.id}</a></td>
      <td>${this.gone.has(item.id) ? html`<span class="state gone">gone or elsewhere</span>` : stateView(item)}</td>
      <td class="full">${timeOf(item.due)}</td>
      <td class="num" data-word="tries">${item.attempts || ''}</td>
      <td class="error full" title=${item.lastError ?? item.schedule ?? ''}>${item.lastError ?? item.schedule ?? ''}</td>
    </tr>`;
  }
}

/** How many are selected, in words. */
export function selectedWords(list) {
  return list.everything ? 'All that match' : `${plural(list.selected.size, 'message')} selected`;
}
