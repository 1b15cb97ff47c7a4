// What was done and what falls due, bucket by bucket: acked up and failed down on the left of now,
// scheduled up on its right, what is overdue as a block at now.

import { ask } from './api.js';
import { absolute, clock, count, iso, length, now, time, value } from './format.js';
import { onStats, queues } from './live.js';
import { Panel } from './panel.js';
import { aroundNow, bucketFor, heights, PRESETS, ticks, zoomed } from './scale.js';
import { go, html, nothing, place, setQuery, svg, toQueue, update } from './view.js';

const HEIGHT = 176;
const AXIS = 20; // for the marks below
const TOP = 20; // for words above
const DOWN = 0.28; // how much of the rest failures have
const NARROW = 640;
const OVERDUE = 26;
const PARTIAL_AGAIN = 900;
const PROJECTED_AGAIN = 60_000;
const NONE_PROJECTED = { key: '', at: 0, counts: new Map() };

export class Timeline {
  /** @param queue shows only that one; null for all */
  constructor(queue = null) {
    this.queue = queue;
    this.width = 800;
    this.linear = false;
    this.table = false;
    this.drag = null;
    this.asked = 0;
    this.part = '';
    this.projected = NONE_PROJECTED;
    this.panel = new Panel((signal) => this.load(signal));
    this.sizes = new ResizeObserver(([entry]) => this.resized(entry.contentRect.width));
    this.observed = null;
    this.endStats = onStats(() => this.refresh());
    this.panel.reload();
  }

  stop() {
    this.panel.stop();
    this.sizes.disconnect();
    this.endStats();
  }

  /** What the address says is shown: a preset around now, or from one instant to another. */
  get shown() {
    const { query } = place;
    const from = Date.parse(query.get('since'));
    const to = Date.parse(query.get('till'));
    if (from < to) return { from, to, fixed: true };
    const preset = PRESETS[query.get('window')] ? query.get('window') : '1h';
    return { ...aroundNow(PRESETS[preset], now()), preset };
  }

  async load(signal) {
    const { from, to } = this.shown;
    this.asked = Date.now();
    this.part = this.partOf();
    const [bucket] = bucketFor(to - from, this.width < NARROW ? 60 : 168);
    const query = { queue: this.queue, from: iso(from), to: iso(to), bucket };
    const data = await ask('GET', '/v1/timeline', { query, signal });
    clock.heard(data.now);
    if (this.queue) this.project(data);
    return data;
  }

  /** Finds out how often what recurs fires besides the next times, which are all that is stored. */
  async project(data) {
    const edges = [...data.buckets.map((b) => b.from), data.to].filter((edge) => edge > data.now);
    const key = edges[0] + edges.length;
    if (edges.length < 2 || (this.projected.key === key && Date.now() - this.projected.at < PROJECTED_AGAIN)) return;
    this.projected = { ...this.projected, key, at: Date.now() };
    try {
      const { items } = await ask('GET', '/v1/recurring', { query: { queue: this.queue, edges: edges.join(',') } });
      const counts = new Map();
      for (const { firings = [], scheduledFor } of items) {
        firings.forEach((many, i) => {
          const stored = scheduledFor >= edges[i] && scheduledFor < edges[i + 1] ? 1 : 0;
          const from = Date.parse(edges[i]);
          counts.set(from, (counts.get(from) ?? 0) + many - stored);
        });
      }
      this.projected = { ...this.projected, counts };
      update();
    } catch {
      this.projected = NONE_PROJECTED; // the picture is true without them
    }
  }

  /** What is due and not in hands: the server counts those that are leased with it. */
  waiting(overdue) {
    if (!overdue || overdue.relation !== 'exact') return overdue;
    const items = this.queue ? [queues.get(this.queue)] : (queues.items ?? []);
    const leased = items.reduce((sum, item) => sum + value(item?.leased), 0);
    return { ...overdue, value: Math.max(0, overdue.value - leased) };
  }

  /** The address has changed; asks again if that was about the timeline. */
  moveTo() {
    if (this.part !== this.partOf()) this.panel.reload();
  }

  partOf() {
    return ['since', 'till', 'window'].map((name) => place.query.get(name)).join();
  }

  refresh() {
    const { from, to } = this.shown;
    const every = this.panel.data?.partial ? PARTIAL_AGAIN : Math.min(30_000, Math.max(4_000, (to - from) / 600));
    if (Date.now() - this.asked > every && !this.panel.loading && !this.drag && !this.panel.problem?.absent) this.panel.reload();
  }

  resized(width) {
    if (width > 0 && Math.abs(width - this.width) > 1) {
      const narrow = width < NARROW !== this.width < NARROW;
      this.width = width;
      if (narrow) this.panel.reload();
      update();
    }
  }

  moved(part) {
    setQuery({ window: null, since: iso(Math.round(part.from)), till: iso(Math.round(part.to)) }, { replace: true });
  }

  preset(name) {
    setQuery({ window: name === '1h' ? null : name, since: null, till: null }, { replace: true });
  }

  key(event) {
    const shown = this.shown;
    const step = (shown.to - shown.from) / 4;
    const moves = {
      '+': () => this.moved(zoomed(shown, 0.5)),
      '=': () => this.moved(zoomed(shown, 0.5)),
      '-': () => this.moved(zoomed(shown, 2)),
      ArrowLeft: () => this.moved({ from: shown.from - step, to: shown.to - step }),
      ArrowRight: () => this.moved({ from: shown.from + step, to: shown.to + step }),
      0: () => this.preset('1h'),
    };
    const move = event.target.closest?.('.timeline') ? moves[event.key] : undefined;
    move?.();
    return move !== undefined;
  }

  view() {
    const shown = this.shown;
    if (this.panel.problem?.absent && !this.panel.data) {
      return html`<section class="panel"><header><h2>Timeline</h2></header><p class="empty">This server has no timeline.</p></section>`;
    }
    const press = (on, words, action, label) =>
      html`<button type="button" aria-pressed=${on === null ? nothing : on} aria-label=${/^\w/.test(words) ? nothing : label} title=${label ?? nothing} @click=${action}>${words}</button>`;
    return html`<section class="panel timeline" aria-label="Timeline">
      <header><h2>Timeline</h2>
        <span class="segments" role="group" aria-label="How much time">${Object.keys(PRESETS).map((name) => press(shown.preset === name, name, () => this.preset(name)))}</span>
        <span class="segments wide">${press(null, '+', () => this.moved(zoomed(shown, 0.5)), 'Zoom in')}${press(null, '−', () => this.moved(zoomed(shown, 2)), 'Zoom out')}</span>
        <span class="segments wide">${press(this.linear, 'linear', () => ((this.linear = !this.linear), update()), 'Heights in proportion')}${press(this.table, 'table', () => ((this.table = !this.table), update()), 'Show as a table')}</span>
      </header>
      ${this.panel.view((counted) => {
        const data = { ...counted, overdue: this.waiting(counted.overdue) };
        return this.table ? this.tableView(data) : this.picture(data, shown);
      }, 5)}
    </section>`;
  }

  picture(data, shown) {
    queueMicrotask(() => this.observe());
    const { width } = this;
    const { from, to } = shown;
    const x = (at) => ((at - from) / (to - from)) * width;
    const plot = HEIGHT - AXIS - TOP;
    const base = TOP + plot * (1 - DOWN);
    const buckets = bucketsOf(data);
    const overdue = value(data.overdue);
    const projected = (b) => this.projected.counts.get(b.from) ?? 0;
    const most = Math.max(1, overdue, ...buckets.map((b) => Math.max(b.acked, value(b.due) + projected(b))));
    const up = heights(most, plot * (1 - DOWN), this.linear);
    const down = heights(Math.max(1, ...buckets.map((b) => b.failed)), plot * DOWN - 2, this.linear);
    const at = x(Date.parse(data.now));
    return html`<div class="drawing">${svg`<svg viewBox="0 0 ${width} ${HEIGHT}" height=${HEIGHT} role="group" tabindex="0"
        aria-label="Timeline from ${absolute(from)} to ${absolute(to)}; use the table for its numbers"
        @pointerdown=${(event) => this.dragFrom(event)} @pointermove=${(event) => this.dragTo(event)}
        @pointerup=${(event) => this.dragEnd(event)} @pointercancel=${() => (this.drag = null)}>
      <defs><pattern id="hatch" width="6" height="6" patternTransform="rotate(45)" patternUnits="userSpaceOnUse"><line class="hatch-line" x1="0" y1="0" x2="0" y2="6"></line></pattern></defs>
      ${ticks(from, to, width).map(({ at: tick, text }) => svg`<line class="tick" x1=${x(tick)} x2=${x(tick)} y1=${TOP} y2=${HEIGHT - AXIS}></line>
        <text x=${x(tick)} y=${HEIGHT - 5} text-anchor=${x(tick) < 24 ? 'start' : x(tick) > width - 24 ? 'end' : 'middle'}>${text}</text>`)}
      <line class="axis" x1="0" x2=${width} y1=${base} y2=${base}></line>
      ${buckets.map((b) => this.bars(b, x, base, up, down, Date.parse(data.now)))}
      ${this.overdueView(data, at, base, up)}
      ${at >= 0 && at <= width ? svg`<line class="now" x1=${at} x2=${at} y1=${TOP - 4} y2=${HEIGHT - AXIS}></line>
        <text class="strong" x=${at + 4} y=${TOP - 6}>now ${time(Date.parse(data.now))}</text>` : nothing}
      ${data.later && value(data.later) > 0 ? svg`<text class="strong" x=${width - 4} y=${TOP - 6} text-anchor="end">${count(data.later)} later →</text>` : nothing}
      ${this.drag ? svg`<rect class="drag" x=${Math.min(this.drag.from, this.drag.to)} y=${TOP} width=${Math.abs(this.drag.to - this.drag.from)} height=${plot}></rect>` : nothing}
    </svg>`}</div>${this.legend(data, buckets)}`;
  }

  bars(b, x, base, up, down, nowAt) {
    const start = Math.max(b.from, this.shown.from);
    const pastEnd = Math.min(b.to, nowAt);
    const futureStart = Math.max(b.from, nowAt);
    const bar = (kind, from, to, y, height, words) => {
      const left = x(from) + 0.5;
      const wide = Math.max(1, x(to) - x(from) - 1);
      return svg`<rect class=${kind} x=${left} y=${y} width=${wide} height=${height}><title>${words}</title></rect>`;
    };
    const span = `${absolute(b.from)} to ${time(b.to)}`;
    const due = value(b.due);
    const more = this.projected.counts.get(b.from) ?? 0;
    return [
      b.acked > 0 ? bar('acked', start, pastEnd, base - up(b.acked), up(b.acked), `${count(b.acked)} acked, ${span}`) : nothing,
      more > 0 ? bar('projected', futureStart, b.to, base - up(due + more), up(due + more) - up(due), `${count(more)} more by schedules, ${span}`) : nothing,
      b.failed > 0 ? bar('failed', start, pastEnd, base + 1, down(b.failed), `${count(b.failed)} failed, ${span}`) : nothing,
      due > 0
        ? svg`<a href=${this.listAddress(b)} aria-label="${count(b.due)} scheduled, ${span}" @click=${(event) => this.openList(event, b)}>
            ${bar(b.due.relation === 'at-least' ? 'scheduled at-least' : 'scheduled', futureStart, b.to, base - up(due), up(due), `${count(b.due)} scheduled, ${span}`)}</a>`
        : nothing,
    ];
  }

  listAddress(b) {
    return this.queue ? toQueue(this.queue, { from: iso(b.from), to: iso(b.to) }) : null;
  }

  openList(event, b) {
    event.preventDefault();
    const address = this.listAddress(b);
    if (address) go(address);
    else this.moved({ from: b.from - (b.to - b.from) * 10, to: b.to + (b.to - b.from) * 10 });
  }

  overdueView(data, at, base, up) {
    const many = value(data.overdue);
    if (!(many > 0) || at < 0) return nothing;
    const height = up(many);
    const nextDue = this.queue ? queues.get(this.queue)?.nextDue : queues.items?.map((q) => q.nextDue).filter(Boolean).sort()[0];
    const late = nextDue && this.width >= NARROW ? ` (${length(now() - Date.parse(nextDue))})` : '';
    const y = base - height;
    return svg`<rect class="overdue" x=${at - OVERDUE} y=${y} width=${OVERDUE - 1} height=${height}><title>${count(data.overdue)} overdue${late}</title></rect>
      <text class="strong" x=${at - OVERDUE - 4} y=${Math.max(TOP + 10, y + 12)} text-anchor="end">${count(data.overdue)} overdue${late}</text>`;
  }

  legend(data, buckets) {
    const sum = (name) => buckets.reduce((total, b) => total + b[name], 0);
    const [bucket] = bucketFor(this.shown.to - this.shown.from, this.width < NARROW ? 60 : 168);
    return html`<p class="legend">
      <span class="state acked">${count(sum('acked'))} acked</span>
      <span class="state failed">${count(sum('failed'))} failed</span>
      <span class="state scheduled">scheduled${[...this.projected.counts.values()].some((many) => many > 0) ? ', outlined: more to come by schedules' : ''}</span>
      ${value(data.overdue) > 0 ? html`<span class="state overdue">${count(data.overdue)} overdue</span>` : nothing}
      <span class="muted">bars of ${bucket}${this.linear ? '' : ', heights compressed'}${data.partial ? ', counted in part' : ''}</span></p>`;
  }

  tableView(data) {
    const rows = bucketsOf(data).filter((b) => b.acked || b.failed || value(b.due));
    return html`<div class="scroll"><table><thead><tr><th>From</th><th class="num">Acked</th><th class="num">Failed</th><th class="num">Scheduled</th></tr></thead>
      <tbody>${rows.map((b) => html`<tr><td class="nowrap">${absolute(b.from)}</td><td class="num">${b.acked || ''}</td><td class="num">${b.failed || ''}</td><td class="num">${b.due ? count(b.due) : ''}</td></tr>`)}
      ${rows.length === 0 ? html`<tr><td colspan="4" class="muted">Nothing in this time.</td></tr>` : nothing}</tbody></table></div>`;
  }

  observe() {
    const drawing = document.querySelector('.timeline .drawing');
    if (drawing !== this.observed) {
      this.sizes.disconnect();
      this.observed = drawing;
      if (drawing) this.sizes.observe(drawing);
    }
  }

  dragFrom(event) {
    if (event.button !== 0 || event.pointerType === 'touch' || event.target.closest('a')) return;
    this.drag = { from: event.offsetX, to: event.offsetX };
    event.currentTarget.setPointerCapture(event.pointerId);
  }

  dragTo(event) {
    if (!this.drag) return;
    this.drag.to = event.offsetX;
    update();
  }

  dragEnd() {
    const { drag } = this;
    this.drag = null;
    if (drag && Math.abs(drag.to - drag.from) > 8) {
      const { from, to } = this.shown;
      const at = (px) => from + (px / this.width) * (to - from);
      this.moved(zoomed({ from: at(Math.min(drag.from, drag.to)), to: at(Math.max(drag.from, drag.to)) }, 1));
    } else {
      update();
    }
  }
}

/** The buckets with their ends, and zero for what is left out. */
function bucketsOf(data) {
  const step = data.buckets.length > 1 ? Date.parse(data.buckets[1].from) - Date.parse(data.buckets[0].from) : Date.parse(data.to) - Date.parse(data.from);
  return data.buckets.map((b) => {
    const from = Date.parse(b.from);
    return { from, to: from + step, acked: b.acked ?? 0, failed: (b.failed ?? 0) + (b.buried ?? 0), due: b.due };
  });
}
