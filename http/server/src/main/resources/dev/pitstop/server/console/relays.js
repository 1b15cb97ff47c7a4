// What a queue takes from brokers and emits to them, and how that goes on this server.

import { ask, queuePath } from './api.js';
import { count } from './format.js';
import { html, nothing, timeOf, update } from './view.js';

const AGAIN = 10_000;
const WORDS = { take: 'takes from', emit: 'emits to' };

/** The relays of one queue, kept up with while it has any. */
export class Relays {
  constructor(queue) {
    this.queue = queue;
    this.items = [];
    this.stopped = false;
    this.look();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  async look() {
    try {
      this.items = (await ask('GET', queuePath(this.queue, '/relays'))).relays;
    } catch {
      // they may not be looked at, or the server is away, which the page says elsewhere
    }
    if (this.stopped) return;
    if (this.items.length > 0) this.timer = setTimeout(() => this.look(), AGAIN);
    update();
  }

  view() {
    return this.items.map((item) => html`<p class="small relay">${WORDS[item.direction]}
      <span class="mono">${item.direction === 'take' ? item.from : item.to}</span>
      <span class="muted">· ${count(item.relayed)} relayed${item.failed > 0 ? html` · ${count(item.failed)} failed` : nothing}</span>
      ${item.lastFailureAt ? html`<span class="muted">, the last ${timeOf(item.lastFailureAt)}: ${item.lastFailure}</span>` : nothing}</p>`);
  }
}
