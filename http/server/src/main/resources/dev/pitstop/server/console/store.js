// The form that stores a message, with what its schedule means while it is typed.

import { ask, message, queuePath, send } from './api.js';
import { changed } from './actions.js';
import { absolute, browserZone, clock, distance, iso, localInput, now, ofLocalInput } from './format.js';
import { queues } from './live.js';
import { close, open, toast } from './overlay.js';
import { html, live, nothing, toMessage, update } from './view.js';

const TYPING = 200;
const KINDS = [['delay', 'After a delay'], ['at', 'At a time'], ['every', 'At an interval'], ['cron', 'By cron']];

/** Opens it for a queue; an empty name leaves that to whoever fills it in. */
export function openStore(queue = '') {
  const form = new StoreForm(queue);
  open(() => form.view(), { large: true });
}

class StoreForm {
  constructor(queue) {
    this.queue = queue;
    this.fixed = queue !== '';
    this.kind = 'delay';
    this.fields = { delay: '15m', at: localInput(now() + 3_600_000), every: '1h', cron: '0 9 * * MON-FRI', zone: clock.zone, from: '', until: '', missed: 'each' };
    this.meaning = null;
    this.problem = null;
    this.refused = null;
    this.asked = 0;
    this.explain();
  }

  /** The parameters that say when. */
  schedule() {
    const { kind, fields } = this;
    const local = (text) => (text ? iso(ofLocalInput(text)) : undefined);
    const bounds = { from: local(fields.from), until: local(fields.until), missed: fields.missed === 'each' ? undefined : fields.missed };
    if (kind === 'at') return { at: fields.at ? iso(ofLocalInput(fields.at)) : '' };
    if (kind === 'delay') return { delay: fields.delay };
    if (kind === 'every') return { every: fields.every, ...bounds };
    return { cron: fields.cron, zone: fields.zone || 'UTC', ...bounds };
  }

  set(name, text) {
    this.fields[name] = text;
    const asked = ++this.asked;
    setTimeout(() => asked === this.asked && this.explain(), TYPING);
  }

  choose(kind) {
    this.kind = kind;
    this.meaning = null;
    this.explain();
  }

  async explain() {
    const asked = ++this.asked;
    let meaning = null;
    let problem = null;
    try {
      meaning = await ask('GET', '/v1/schedules:next', { query: this.schedule() });
    } catch (e) {
      problem = e;
    }
    if (asked === this.asked) {
      this.meaning = meaning;
      this.problem = problem;
      update();
    }
  }

  async store(data) {
    const queue = this.fixed ? this.queue : data.get('queue');
    const id = data.get('id');
    const more = {};
    for (const line of data.get('headers').split('\n').filter((text) => text.trim())) {
      const colon = line.indexOf(':');
      more[`header-${line.slice(0, colon < 0 ? undefined : colon).trim()}`] = colon < 0 ? '' : line.slice(colon + 1).trim();
    }
    const query = { ...this.schedule(), ...more, ifPresent: id && data.get('present') !== 'replace' ? data.get('present') : undefined };
    const options = { body: data.get('body'), type: data.get('type') };
    try {
      const answer = id
        ? await message('PUT', queue, id, '', query, options)
        : await send('POST', queuePath(queue, '/messages'), { query, ...options });
      const stored = await answer.json();
      close();
      changed(queue);
      toast(html`${stored.id} is ${stored.outcome} in ${queue}. <a href=${toMessage(queue, stored.id)}>Look at it</a>`);
    } catch (e) {
      this.refused = e;
      update();
    }
  }

  view() {
    return {
      title: this.fixed ? `Store a message in ${this.queue}` : 'Store a message',
      inside: html`<div class="form">
        <div class="pair">
          ${this.fixed ? nothing : html`<div class="field"><label for="store-queue">Queue</label>
            <input id="store-queue" name="queue" required maxlength="128" pattern="[A-Za-z0-9._\\-]+" list="store-queues" title="letters, digits, dot, dash and underscore">
            <datalist id="store-queues">${(queues.items ?? []).map((item) => html`<option value=${item.queue}></option>`)}</datalist></div>`}
          <div class="field"><label for="store-id">Id</label><input id="store-id" name="id" class="mono" maxlength="512" placeholder="given by the server"></div>
          <div class="field"><label for="store-present">If the id is there</label>
            <select id="store-present" name="present"><option value="fail">refuse</option><option value="replace">replace it</option><option value="keep">keep it</option></select></div>
        </div>
        <div class="field"><label for="store-body">Body</label><textarea id="store-body" name="body" class="mono" spellcheck="false"></textarea></div>
        <div class="field"><label for="store-type">Content type</label><input id="store-type" name="type" list="store-types" value="application/json">
          <datalist id="store-types"><option value="application/json"></option><option value="text/plain"></option><option value="application/octet-stream"></option></datalist></div>
        <div class="field"><label for="store-headers">Headers, one a line: name: value</label><textarea id="store-headers" name="headers" class="mono short" rows="2"></textarea></div>
        <fieldset class="field"><legend>When</legend>
          <div class="bar">${KINDS.map(([kind, words]) => html`<label><input type="radio" name="kind" value=${kind} .checked=${live(this.kind === kind)} @change=${() => this.choose(kind)}> ${words}</label>`)}</div>
          <div class="pair">${this.when()}</div>
        </fieldset>
        <div class="preview" aria-live="polite">${this.meant()}</div>
        ${this.refused ? html`<p class="wrong" role="alert">${this.refused.title}: ${this.refused.detail}</p>` : nothing}
      </div>`,
      buttons: html`<button type="button" @click=${close}>Cancel</button><button type="submit" class="main">Store</button>`,
      submit: (data) => this.store(data),
    };
  }

  field(name, words, more = {}) {
    const id = 'store-' + name;
    const wrong = this.problem?.field === name || (name === 'delay' && this.problem?.field === 'duration');
    return html`<div class="field"><label for=${id}>${words}</label>
      <input id=${id} type=${more.type ?? 'text'} .value=${live(this.fields[name])} list=${more.list ?? nothing} aria-invalid=${wrong} spellcheck="false"
        @input=${(event) => this.set(name, event.target.value)}></div>`;
  }

  when() {
    if (this.kind === 'delay') return this.field('delay', 'Delay, as 90s, 15m, 6h, 7d');
    if (this.kind === 'at') return this.field('at', `Local time, ${clock.zone}`, { type: 'datetime-local' });
    const bounds = html`${this.field('from', `From (${clock.zone}), if not at once`, { type: 'datetime-local' })}
      ${this.field('until', `Until (${clock.zone}), if it ends`, { type: 'datetime-local' })}
      <div class="field"><label for="store-missed">Missed ones</label><select id="store-missed" @change=${(event) => this.set('missed', event.target.value)}>
        <option value="each">each is emitted</option><option value="latest">only the latest</option><option value="skip">skipped</option></select></div>`;
    if (this.kind === 'every') return html`${this.field('every', 'Interval, as 30s, 15m, 1h, 1d')}${bounds}`;
    return html`${this.field('cron', 'Minute hour day month weekday')}
      ${this.field('zone', 'Zone', { list: 'store-zones' })}
      <datalist id="store-zones">${zones().map((zone) => html`<option value=${zone}></option>`)}</datalist>${bounds}`;
  }

  meant() {
    if (this.problem) return html`<span class="wrong">${this.problem.detail}</span>`;
    if (!this.meaning) return nothing;
    const { words, next, recurring } = this.meaning;
    const zone = this.kind === 'cron' ? this.fields.zone || 'UTC' : clock.zone;
    if (next.length === 0) return html`<strong>${words}: it never fires</strong>`;
    const shown = (text) => html`<li title=${distance(Date.parse(text))}>${absolute(Date.parse(text), zone)}</li>`;
    return html`<span><strong>${recurring ? words : 'Emitted once'}</strong>, ${recurring ? 'first ' : ''}${distance(Date.parse(next[0]))}</span>
      <ol class="next">${next.map(shown)}</ol>`;
  }
}

function zones() {
  return [browserZone, 'UTC', ...(Intl.supportedValuesOf?.('timeZone') ?? [])].filter((zone, i, all) => all.indexOf(zone) === i);
}
