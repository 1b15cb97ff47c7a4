// Renders the page when something has changed, and leads addresses to screens.

import { html, nothing, render, svg } from './lit/lit-html.js';
import { guard } from './lit/directives/guard.js';
import { live } from './lit/directives/live.js';
import { repeat } from './lit/directives/repeat.js';
import { absolute, browserZone, clock, iso, when } from './format.js';

export { guard, html, live, nothing, repeat, svg };

let draw = () => nothing;
let queued = false;
const afterwards = [];

/** Says what the whole page is. */
export function start(page) {
  draw = page;
  update();
}

/** Renders once more, soon. */
export function update() {
  if (!queued) {
    queued = true;
    queueMicrotask(() => {
      queued = false;
      render(draw(), document.body);
      afterwards.splice(0).forEach((task) => task());
    });
  }
}

/** Runs something when the page was rendered next. */
export function afterUpdate(task) {
  afterwards.push(task);
  update();
}

/** Where the browser is. */
export const place = {
  get path() {
    return location.pathname;
  },
  get query() {
    return new URLSearchParams(location.search);
  },
  onMove: () => {},
};

/** An address of the console; the zone goes along when it is not the browser's. */
export function to(path, query = {}) {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') all.set(name, value);
  }
  if (clock.zone !== browserZone) all.set('zone', clock.zone);
  const text = all.toString();
  return text ? `${path}?${text}` : path;
}

export const toQueue = (queue, query) => to(`/queues/${encodeURIComponent(queue)}`, query);

export const toMessage = (queue, id) => to(`/queues/${encodeURIComponent(queue)}/message`, { id });

export function go(address, { replace = false } = {}) {
  if (replace) {
    history.replaceState(null, '', address);
  } else {
    history.pushState(null, '', address);
    window.scrollTo(0, 0);
  }
  place.onMove();
}

/**
 * Changes parameters of the address; empty ones go.
 *
 * @param state is kept with the address in the browser's history
 */
export function setQuery(changes, { replace = false, state = history.state } = {}) {
  const query = place.query;
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === null || value === '') query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  const address = place.path + (text ? '?' + text : '');
  if (replace) history.replaceState(state, '', address);
  else history.pushState(state, '', address);
  place.onMove();
}

/** A time in words and absolute. */
export function timeOf(text, zone = clock.zone) {
  if (!text) return nothing;
  const millis = Date.parse(text);
  const [first, second] = when(millis, zone);
  return html`<time datetime=${iso(millis)} title=${iso(millis)}><span class="nowrap">${first}</span> <span class="muted nowrap">· ${second}</span></time>`;
}

/** The same in few letters, for narrow columns. */
export function shortTime(text) {
  if (!text) return nothing;
  const millis = Date.parse(text);
  return html`<time class="nowrap" datetime=${iso(millis)} title=${absolute(millis)}>${when(millis)[0]}</time>`;
}

/** Copies a text, and says whether that worked. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // pages that came without TLS from elsewhere may not
  }
}

/** Has the browser keep bytes as a file. */
export function download(name, parts, type) {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
