// A part of a screen that shows what the server was asked for: while it loads, when that failed,
// and how old it is.

import { length } from './format.js';
import { html, nothing, update } from './view.js';

const SKELETON_AFTER = 150;

export class Panel {
  #load;
  #abort = null;

  /** A panel of what a function gives, which gets a signal that ends it. */
  constructor(load) {
    this.#load = load;
    this.data = null;
    this.problem = null;
    this.at = 0;
    this.loading = false;
    this.slow = false;
  }

  /** Asks (again); of several at once the last one counts. */
  async reload() {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.loading = true;
    const slow = setTimeout(() => {
      this.slow = true;
      update();
    }, SKELETON_AFTER);
    try {
      const data = await this.#load(abort.signal);
      if (this.#abort !== abort) return;
      this.data = data;
      this.problem = null;
      this.at = Date.now();
    } catch (e) {
      if (this.#abort !== abort || e.name === 'AbortError') return;
      this.problem = e;
    } finally {
      clearTimeout(slow);
      if (this.#abort === abort) {
        this.loading = false;
        this.slow = false;
        update();
      }
    }
  }

  stop() {
    this.#abort?.abort();
    this.#abort = null;
  }

  /** The data by a template, or what is to be said in its place. */
  view(inside, rows = 4) {
    if (this.data === null) {
      if (this.problem) return trouble(this.problem, () => this.reload());
      return this.slow ? skeleton(rows) : html`<div class="skeleton" aria-busy="true"></div>`;
    }
    if (!this.problem) return inside(this.data);
    const age = length(Date.now() - this.at);
    return html`${trouble(this.problem, () => this.reload())}
      <p class="age muted">As it was ${age} ago:</p>
      <div class="old">${inside(this.data)}</div>`;
  }
}

function skeleton(rows) {
  return html`<div class="skeleton" role="status" aria-label="Loading">${Array.from({ length: rows }, () => html`<i></i>`)}</div>`;
}

/** What went wrong, with the id to find it in the server's log, and a way to try again. */
export function trouble(problem, retry) {
  return html`<div class="trouble" role="alert">
    <strong>${problem.title ?? 'This part of the console failed'}</strong>
    <span>${problem.detail ?? problem.message}</span>
    ${problem.requestId ? html`<span class="muted small">request <code>${problem.requestId}</code></span>` : nothing}
    ${retry ? html`<button type="button" @click=${retry}>Retry</button>` : nothing}
  </div>`;
}
