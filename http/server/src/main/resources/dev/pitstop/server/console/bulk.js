// The same action for many messages: which ones is settled first, shown, and stays so whatever
// comes later; then it is done one by one, with a count of what became of them.

import { ask, message, queuePath } from './api.js';
import { askWhen, changed, copyOf, restore } from './actions.js';
import { count, distance, plural } from './format.js';
import { buttons, close, open, toast } from './overlay.js';
import { trouble } from './panel.js';
import { download, html, nothing, update } from './view.js';

const MOST = 10_000; // collected by the console; what lies beyond is named, not touched
const PAGE = 1_000;
const AT_ONCE = 6;
const MOST_COPIES = 1_000; // kept for an undo
const RESTORED_AT_ONCE = 100;

/** Messages that were picked one by one. */
export function picked(items) {
  return { title: plural(items.length, 'message'), collect: async () => ({ items, more: false }) };
}

/** All of a queue that match what the list is filtered by, as they are when the preview is made. */
export function matching(queue, filter, words) {
  return {
    title: words,
    collect: async (signal, progress) => {
      const items = [];
      let cursor;
      do {
        const page = await ask('GET', queuePath(queue, '/messages'), { query: { ...filter, cursor, limit: PAGE }, signal });
        items.push(...page.items);
        cursor = page.next;
        progress(items.length);
      } while (cursor && items.length < MOST);
      return { items: items.slice(0, MOST), more: Boolean(cursor) };
    },
  };
}

const gone = (there) => there.status === 404 || there.status === 409;

const ACTIONS = {
  requeue: {
    verb: 'Requeue',
    done: 'requeued',
    takes: (item) => item.state === 'buried',
    skips: 'Only buried ones are requeued.',
    run: (item) => message('POST', item.queue, item.id, ':requeue'),
  },
  reschedule: {
    verb: 'Reschedule',
    done: 'rescheduled',
    takes: (item) => item.state !== 'leased',
    skips: 'Leased ones are left alone.',
    run: (item, { at }) => message('POST', item.queue, item.id, ':reschedule', { at }),
  },
  emit: {
    verb: 'Emit now',
    done: 'due now',
    takes: (item) => item.state === 'scheduled',
    skips: 'Only scheduled ones are emitted.',
    undone: 'There is no undo.',
    run: (item, { spread, index, total }) =>
      spread
        ? message('POST', item.queue, item.id, ':reschedule', { delay: Math.round((spread * index) / total) + 's' })
        : message('POST', item.queue, item.id, ':emit-now'),
  },
  remove: {
    verb: 'Remove',
    done: 'removed',
    danger: true,
    takes: () => true,
    run: (item) => message('DELETE', item.queue, item.id),
  },
};

/** Asks, shows what is meant, and does it. */
export function doForMany(name, selection) {
  const action = ACTIONS[name];
  if (name === 'reschedule') {
    askWhen({
      title: `Reschedule ${selection.title}`,
      label: 'Preview',
      note: html`<p class="muted">All become due at that time, with attempts from zero.</p>`,
      chosen: (at) => new Run(action, selection, { at }).open(),
    });
  } else {
    new Run(action, selection, {}).open();
  }
}

/** One such action, from its preview to its end. */
class Run {
  constructor(action, selection, options) {
    this.action = action;
    this.selection = selection;
    this.options = options;
    this.items = null;
    this.collected = 0;
    this.more = false;
    this.problem = null;
    this.state = 'collecting';
    this.counts = { done: 0, skipped: 0, failed: 0 };
    this.copies = new Map();
    this.firstFailure = '';
    this.typed = '';
    this.abort = new AbortController();
  }

  open() {
    const view = () => this.view();
    view.closed = () => this.abort.abort();
    open(view, { large: true });
    this.collect();
  }

  async collect() {
    try {
      const { items, more } = await this.selection.collect(this.abort.signal, (n) => {
        this.collected = n;
        update();
      });
      this.items = items.filter(this.action.takes);
      this.left = items.length - this.items.length;
      this.more = more;
      this.state = 'preview';
    } catch (e) {
      if (e.name === 'AbortError') return;
      this.problem = e;
    }
    update();
  }

  async run() {
    this.state = 'running';
    update();
    const { items } = this;
    const keep = items.length <= MOST_COPIES && this.action !== ACTIONS.emit;
    let index = 0;
    const worker = async () => {
      while (index < items.length && !this.abort.signal.aborted) {
        const at = index++;
        await this.one(items[at], at, keep);
        update();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    this.state = 'done';
    new Set(items.map((item) => item.queue)).forEach(changed);
    const { done } = this.counts;
    toast(`${plural(done, 'message')} ${this.action.done}`, keep && done && this.copies.size ? () => this.undo() : null);
    update();
  }

  async one(item, index, keep) {
    try {
      const copy = keep ? await copyOf(item.queue, item.id) : null;
      await this.action.run(item, { ...this.options, index, total: this.items.length });
      if (copy !== null) this.copies.set(item, copy);
      this.counts.done++;
    } catch (e) {
      this.counts[gone(e) ? 'skipped' : 'failed']++;
      if (!gone(e)) this.firstFailure ||= e.detail || e.message;
    }
  }

  /** Has back what nobody has touched since. */
  async undo() {
    const byQueue = new Map();
    for (const [item, copy] of this.copies) {
      const there = await message('GET', item.queue, item.id, '', { view: 'summary' }).then((answer) => answer.json(), (e) => {
        if (e.status === 404) return null;
        throw e;
      });
      const untouched = this.action === ACTIONS.remove ? there === null : there?.state === 'scheduled' && there.attempts === 0;
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

  async export() {
    const copies = [];
    for (const item of this.items.slice(0, MOST_COPIES)) {
      const copy = await copyOf(item.queue, item.id).catch(() => null);
      if (copy !== null) copies.push(copy + '\n');
    }
    download('messages.jsonl', copies, 'application/x-ndjson');
  }

  view() {
    const { action } = this;
    const title = `${action.verb}: ${this.selection.title}`;
    if (this.problem) return { title, inside: trouble(this.problem), buttons: closing('Close') };
    if (this.state === 'collecting') {
      return { title, inside: html`<p>Finding out which ones: ${count(this.collected)} so far…</p><progress></progress>`, buttons: closing('Cancel') };
    }
    if (this.state === 'preview') return { title, ...this.preview() };
    const total = this.items.length;
    const { done, skipped, failed } = this.counts;
    return {
      title,
      inside: html`<progress max=${total} value=${done + skipped + failed}></progress>
        <p aria-live="polite"><b>${count(done)}</b> ${action.done} · <b>${count(skipped)}</b> skipped, as they had moved on · <b>${count(failed)}</b> failed · of ${count(total)}</p>
        ${this.firstFailure ? html`<p class="wrong">The first failure: ${this.firstFailure}</p>` : nothing}`,
      buttons: this.state === 'running' ? closing('Cancel the rest') : closing('Close'),
    };
  }

  preview() {
    const { action, items } = this;
    const total = items.length;
    if (total === 0) {
      return { inside: html`<p>There is nothing to do. ${this.left ? action.skips : 'No message matches any more.'}</p>`, buttons: closing('Close') };
    }
    const ask = action.danger;
    return {
      inside: html`<p><b>${plural(total, 'message')}</b>, settled now: what comes later is not touched.
          ${this.left ? html`${count(this.left)} more left out: ${action.skips}` : nothing}
          ${this.more ? html`<strong>There are more; these are the first ${count(MOST)}.</strong>` : nothing}</p>
        <ul class="samples">${items.slice(0, 10).map((item) => html`<li><span class="mono">${item.id}</span><span class="muted nowrap">${item.state}, due ${distance(Date.parse(item.due))}</span></li>`)}
          ${total > 10 ? html`<li class="muted">and ${count(total - 10)} more</li>` : nothing}</ul>
        ${action === ACTIONS.emit ? this.spread() : nothing}
        ${ask ? html`<div class="bar"><button type="button" @click=${() => this.export()}>Export as JSON lines</button>${total > MOST_COPIES ? html`<span class="muted">the first ${count(MOST_COPIES)}</span>` : nothing}</div>
          <div class="form"><div class="field"><label for="typed">Type ${total} to go on</label>
          <input id="typed" inputmode="numeric" @input=${(event) => ((this.typed = event.target.value.trim()), update())}></div></div>` : nothing}
        <p class="muted">${action.undone ?? (total <= MOST_COPIES ? 'It can be undone for 20 seconds, but for what is leased or has ended by then.' : `Of more than ${count(MOST_COPIES)} there is no undo.`)}</p>`,
      buttons: buttons(`${action.verb} ${count(total)}`, { danger: action.danger, disabled: ask && this.typed !== String(total) }),
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

function closing(label) {
  return html`<button type="button" @click=${close}>${label}</button>`;
}
