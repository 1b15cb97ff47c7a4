// What all queues hold, kept up to date: by the server's events, or by asking where there are none.
// Visible tabs of one browser share one stream; hidden ones have none.

import { access, ask, send } from './api.js';
import { clock, iso, now } from './format.js';
import { update } from './view.js';

const POLL = 2_000;
const TICK = 1_000; // where nothing moves the server says nothing, but time goes on
const SILENT = 20_000; // the server says something every 15 s
const LOCK = 'pitstop-live';

const listeners = new Set();
let abort = null;
let channel = null;
let leads = false; // whether this tab has the stream that others hear from

/** The newest that is known. State: connecting, live, polling or away. */
export const queues = {
  state: 'connecting',
  items: null,
  at: 0,
  problem: null,
  get(name) {
    return this.items?.find((item) => item.queue === name) ?? null;
  },
};

/** Has a function called when something is new and once a second; gives one that ends it. */
export function onStats(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function startLive() {
  document.addEventListener('visibilitychange', () => (document.hidden ? pause() : run()));
  setInterval(() => document.hidden || access.needed || listeners.forEach((listener) => listener()), TICK);
  window.addEventListener('pagehide', pause);
  window.addEventListener('pageshow', (event) => event.persisted && run());
  run();
}

/** Begins anew, as with another token. */
export function restartLive() {
  pause();
  run();
}

function pause() {
  abort?.abort();
  abort = null;
  channel?.close();
  channel = null;
  leads = false;
}

async function run() {
  if (abort || document.hidden) return;
  abort = new AbortController();
  const { signal } = abort;
  await poll(signal, 'connecting').catch(() => {});
  if (signal.aborted) return;
  if (navigator.locks) {
    channel = new BroadcastChannel(LOCK);
    channel.onmessage = ({ data }) => told(data);
    channel.postMessage({ hello: true });
    navigator.locks.request(LOCK, { signal }, () => lead(signal)).catch(() => {});
  } else {
    lead(signal);
  }
}

/** What another tab says: what is new, or that it has come and has heard nothing yet. */
function told({ hello, json, state }) {
  if (!hello) heard(json, state);
  else if (leads && queues.items) share({ items: queues.items, asOf: iso(now()) }, queues.state);
}

/** Streams, and asks where there is no stream, until this tab is hidden. */
async function lead(signal) {
  let wait = 500;
  leads = true;
  while (!signal.aborted) {
    try {
      await stream(signal);
      wait = 500;
    } catch (e) {
      if (signal.aborted) return;
      if (e.status === 404 || e.status === 429) { // no such stream, or none left
        await pollOn(signal);
        return;
      }
      lost(e);
      if (access.needed) return; // whoever logs in begins anew
    }
    await pauseFor(wait, signal);
    wait = Math.min(wait * 2, 10_000);
  }
}

async function stream(signal) {
  const silent = new AbortController();
  const either = AbortSignal.any([signal, silent.signal]);
  const answer = await send('GET', '/v1/events', { signal: either });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let timer = 0;
  try {
    while (true) {
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), SILENT);
      const { done, value } = await reader.read();
      if (done) return;
      text += value.replaceAll('\r', '');
      const events = text.split('\n\n');
      text = events.pop();
      events.forEach(take);
    }
  } finally {
    clearTimeout(timer);
  }
}

function take(event) {
  const data = event.split('\n').filter((line) => line.startsWith('data:')).map((line) => line.slice(5)).join('\n');
  const name = /^event: ?(.*)$/m.exec(event)?.[1] ?? 'message';
  if (name === 'snapshot') {
    share(JSON.parse(data), 'live');
  } else if (name === 'stats') {
    share(merged(JSON.parse(data)), 'live');
  } else if (name === 'away') {
    lost({ title: 'The store is away', detail: 'The server does not get an answer from it.' });
  }
}

/** All queues, where an event has only those that have changed and those that are gone. */
function merged({ items, gone = [], asOf }) {
  const byName = new Map((queues.items ?? []).map((item) => [item.queue, item]));
  items.forEach((item) => byName.set(item.queue, item));
  gone.forEach((name) => byName.delete(name));
  return { items: [...byName.values()], asOf };
}

async function pollOn(signal) {
  while (!signal.aborted) {
    await pauseFor(POLL, signal);
    if (signal.aborted) return;
    await poll(signal, 'polling').catch(() => {});
  }
}

async function poll(signal, state) {
  try {
    share(await ask('GET', '/v1/queues', { signal }), state);
  } catch (e) {
    if (!signal.aborted) lost(e);
    throw e;
  }
}

function share(json, state) {
  heard(json, state);
  channel?.postMessage({ json, state });
}

function heard(json, state) {
  clock.heard(json.asOf);
  queues.items = json.items;
  queues.at = Date.now();
  queues.state = state;
  queues.problem = null;
  listeners.forEach((listener) => listener());
  update();
}

function lost(problem) {
  queues.state = 'away';
  queues.problem = problem;
  update();
}

function pauseFor(millis, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, millis);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
