// The same action for many messages: which ones is settled first, shown, and stays so whatever
// comes later; then it is done one by one, with a count of what became of them.

import { ask, message, queuePath } from './api.js';
import { askWhen, changed, copyOf, restore } from './actions.js';
import { count, distance, plural, value } from './format.js';
import { buttons, close, open, toast } from './overlay.js';
import { trouble } from './panel.js';
import { download, html, nothing, update } from './view.js';

const AT_ONCE = 6;
const RESTORED_AT_ONCE = 100;
const LOOK_AGAIN = 400;
const SAMPLES = 10;

const ACTIONS = {
  requeue: { verb: 'Requeue', done: 'requeued', takes: (item) => item.state === 'buried', skips: 'only buried ones are requeued' },
  reschedule: { verb: 'Reschedule', done: 'rescheduled', takes: (item) => item.state !== 'leased', skips: 'leased ones are left alone' },
  'emit-now': { verb: 'Emit now', done: 'made due', takes: (item) => item.state === 'scheduled', skips: 'only scheduled ones are emitted', noUndo: true },
  remove: { verb: 'Remove', done: 'removed', danger: true, takes: () => true },
};

/** Asks, shows what is meant, and does it with messages that were picked one by one. */
export function doWithPicked(name, items) {
  begin(name, plural(items.length, 'message'), (options) => new Picked(name, items, options));
}

/** The same with all of a queue that match a filter; words say what that is. */
export function doWithMatching(name, queue, filter, words) {
  begin(name, `all ${words}`, (options) => new Matching(name, queue, filter, words, options));
}

function begin(name, title, make) {
  if (name !== 'reschedule') {
    make({}).open();
    return;
  }
  askWhen({
    title: `Reschedule ${title}`,
    label: 'Preview',
    note: html`<p class="muted">All become due at that time, with attempts from zero.</p>`,
    chosen: (at) => make({ at }).open(),
  });
}

/** One such action, from its preview to its end. */
class Run {
  constructor(name, title, options) {
    this.name = name;
    this.action = ACTIONS[name];
    this.title = title;
    this.options = options;
    this.state = 'collecting';
    this.problem = null;
    this.counts = { done: 0, skipped: 0, failed: 0 };
    this.firstFailure = '';
    this.typed = '';
    this.cancelled = false;
  }

  async open() {
    const view = () => ({ title: `${this.action.verb}: ${this.title}`, ...this.view() });
    view.closed = () => {
      this.cancelled = true;
      if (this.state === 'running') this.cancel();
    };
    open(view, { large: true });
    await this.attempt(async () => {
      await this.collect();
      this.state = 'preview';
    });
  }

  async run() {
    this.state = 'running';
    update();
    await this.attempt(async () => {
      await this.work();
      this.state = 'done';
      const { done } = this.counts;
      toast(`${plural(done, 'message')} ${this.action.done}`, done > 0 ? this.undoing() : null);
    });
    this.queues.forEach(changed);
  }

  async attempt(task) {
    try {
      await task();
    } catch (e) {
      this.problem = e;
    }
    update();
  }

  view() {
    if (this.problem) return { inside: trouble(this.problem), buttons: closing('Close') };
    if (this.state === 'collecting') return { inside: html`<p>Finding out which ones…</p><progress></progress>`, buttons: closing('Cancel') };
    if (this.state === 'preview') return this.total === 0 ? this.nothingToDo() : this.preview();
    const { done, skipped, failed } = this.counts;
    return {
      inside: html`<progress max=${this.total} value=${done + skipped + failed}></progress>
        <p aria-live="polite"><b>${count(done)}</b> ${this.action.done} · <b>${count(skipped)}</b> skipped, as they stood otherwise by then · <b>${count(failed)}</b> failed · of ${count(this.total)}</p>
        ${this.firstFailure ? html`<p class="wrong">A failure: ${this.firstFailure}</p>` : nothing}`,
      buttons: closing(this.state === 'running' ? 'Cancel the rest' : 'Close'),
    };
  }

  nothingToDo() {
    return { inside: html`<p>There is nothing to do${this.left ? `: ${this.action.skips}` : ': no message matches any more'}.</p>`, buttons: closing('Close') };
  }

  preview() {
    const { action, total, samples } = this;
    const typing = (event) => {
      this.typed = event.target.value.trim();
      update();
    };
    return {
      inside: html`<p><b>${plural(total, 'message')}</b>, settled now: what comes later is not touched.
          ${this.left ? html`${count(this.left)} more left out: ${action.skips}.` : nothing}
          ${this.more ? html`<strong>More match; do the same again for the rest.</strong>` : nothing}</p>
        <ul class="samples">${samples.map((item) => html`<li><span class="mono">${item.id}</span><span class="muted nowrap">${item.state}, due ${distance(Date.parse(item.due))}</span></li>`)}
          ${total > samples.length ? html`<li class="muted">and ${count(total - samples.length)} more</li>` : nothing}</ul>
        ${this.name === 'emit-now' ? this.spread() : nothing}
        ${action.danger ? html`${this.exportView()}
          <div class="form"><div class="field"><label for="typed">Type ${total} to go on</label><input id="typed" inputmode="numeric" @input=${typing}></div></div>` : nothing}
        <p class="muted">${this.canUndo ? 'It can be undone for 20 seconds, but for what is leased or has ended by then.' : 'There is no undo.'}</p>`,
      buttons: buttons(`${action.verb} ${count(total)}`, { danger: action.danger, disabled: action.danger && this.typed !== String(total) }),
      submit: () => this.run(),
    };
  }

  spread() {
    const spreads = [['all at once', 0], ['over 1 min', 60], ['over 10 min', 600], ['over 1 h', 3600]];
    return html`<div class="form"><div class="field"><label for="spread">Spread</label>
      <select id="spread" @change=${(event) => (this.options.spread = Number(event.target.value))}>
        ${spreads.map(([words, seconds]) => html`<option value=${seconds}>${words}</option>`)}</select></div></div>`;
  }
}

/** With messages that were picked: done from here, with copies kept for an undo. */
class Picked extends Run {
  constructor(name, items, options) {
    super(name, plural(items.length, 'message'), options);
    this.items = items.filter(this.action.takes);
    this.left = items.length - this.items.length;
    this.more = false;
    this.total = this.items.length;
    this.samples = this.items.slice(0, SAMPLES);
    this.queues = new Set(this.items.map((item) => item.queue));
    this.canUndo = !this.action.noUndo;
    this.copies = new Map();
  }

  collect() {}

  cancel() {}

  async work() {
    let index = 0;
    const worker = async () => {
      while (index < this.total && !this.cancelled) {
        await this.one(index++);
        update();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  async one(index) {
    const item = this.items[index];
    try {
      const copy = this.canUndo ? await copyOf(item.queue, item.id) : null;
      await this.act(item, index);
      if (copy !== null) this.copies.set(item, copy);
      this.counts.done++;
    } catch (e) {
      const stoodOtherwise = e.status === 404 || e.status === 409;
      this.counts[stoodOtherwise ? 'skipped' : 'failed']++;
      if (!stoodOtherwise) this.firstFailure ||= e.detail || e.message;
    }
  }

  act({ queue, id }, index) {
    const { at, spread } = this.options;
    if (this.name === 'remove') return message('DELETE', queue, id);
    if (this.name === 'reschedule') return message('POST', queue, id, ':reschedule', { at });
    if (spread) return message('POST', queue, id, ':reschedule', { delay: Math.round((spread * index) / this.total) + 's' });
    return message('POST', queue, id, ':' + this.name);
  }

  undoing() {
    return this.copies.size > 0 ? () => this.undo() : null;
  }

  /** Has back what nobody has touched since. */
  async undo() {
    const byQueue = new Map();
    for (const [item, copy] of this.copies) {
      const there = await message('GET', item.queue, item.id, '', { view: 'summary' }).then((answer) => answer.json(), (e) => {
        if (e.status === 404) return null;
        throw e;
      });
      const untouched = this.name === 'remove' ? there === null : there?.state === 'scheduled' && there.attempts === 0;
      if (untouched) byQueue.set(item.queue, [...(byQueue.get(item.queue) ?? []), copy]);
    }
    let back = 0;
    for (const [queue, copies] of byQueue) {
      for (let i = 0; i < copies.length; i += RESTORED_AT_ONCE) {
        const some = copies.slice(i, i + RESTORED_AT_ONCE);
        back += some.length - (await restore(queue, some)).length;
      }
      changed(queue);
    }
    const moved = this.copies.size - back;
    return `${plural(back, 'message')} back as before${moved ? `; ${count(moved)} had moved on` : ''}`;
  }

  exportView() {
    return html`<div><button type="button" @click=${() => this.attempt(() => this.export())}>Export as JSON lines</button></div>`;
  }

  async export() {
    const copies = [];
    for (const item of this.items) {
      const copy = await copyOf(item.queue, item.id).catch((e) => {
        if (e.status === 404) return null; // gone by now
        throw e;
      });
      if (copy !== null) copies.push(copy + '\n');
    }
    download('messages.jsonl', copies, 'application/x-ndjson');
  }
}

/** With all that match: the server selects and does it. */
class Matching extends Run {
  constructor(name, queue, filter, words, options) {
    super(name, `all ${words} in ${queue}`, options);
    this.queue = queue;
    this.filter = filter;
    this.queues = [queue];
    this.left = 0;
    this.canUndo = false;
    this.operation = null;
  }

  async collect() {
    const selection = await ask('POST', queuePath(this.queue, '/messages:select'), { body: JSON.stringify(this.filter), type: 'application/json' });
    this.selection = selection.id;
    this.total = value(selection.count);
    this.more = selection.count.relation === 'at-least';
    this.samples = selection.samples.slice(0, SAMPLES);
  }

  async work() {
    const { at, spread } = this.options;
    const query = this.name === 'reschedule' ? { at } : this.name === 'emit-now' && spread ? { spread: spread + 's' } : {};
    this.take(await ask('POST', `/v1/selections/${this.selection}:${this.name}`, { query }));
    while (this.operation.state === 'running') {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
      this.take(await ask('GET', `/v1/operations/${this.operation.id}`));
    }
  }

  take(operation) {
    this.operation = operation;
    const { done, skipped, failed, lastError } = operation;
    this.counts = { done, skipped, failed };
    this.firstFailure = lastError ?? '';
    update();
  }

  cancel() {
    if (this.operation) this.attempt(async () => this.take(await ask('POST', `/v1/operations/${this.operation.id}:cancel`)));
  }

  undoing() {
    return null;
  }

  exportView() {
    return nothing;
  }
}

function closing(label) {
  return html`<button type="button" @click=${close}>${label}</button>`;
}
