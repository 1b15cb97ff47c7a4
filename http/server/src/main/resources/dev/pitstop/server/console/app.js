// The console: the frame around the screens, and which screen an address shows.

import { access, logIn, logOut } from './api.js';
import { browserZone, clock, count, value, zoneName } from './format.js';
import { buriedScreen } from './buried.js';
import { find } from './find.js';
import { help, startKeys } from './keys.js';
import { queues, restartLive, startLive } from './live.js';
import { messageScreen } from './message.js';
import { nodesScreen } from './nodes.js';
import { dialogView, toastsView } from './overlay.js';
import { overviewScreen } from './overview.js';
import { queueScreen } from './queue.js';
import { recurringScreen } from './recurring.js';
import { callerName, learnRights, startRights } from './rights.js';
import { go, html, live, nothing, place, setQuery, start, to, toQueue, update } from './view.js';

const THEME = 'pitstop-theme';
const LAST_QUEUE = 'pitstop-queue';
const SKEWED = 2_000;
const ANYBODY = ['', 'anonymous', 'anybody', 'nobody']; // callers that showed no token

const SCREENS = [
  [/^\/$/, overviewScreen],
  [/^\/queues\/([^/]+)$/, queueScreen],
  [/^\/queues\/([^/]+)\/message$/, messageScreen],
  [/^\/recurring$/, recurringScreen],
  [/^\/buried$/, buriedScreen],
  [/^\/nodes$/, nodesScreen],
];

const NAV = [
  ['/', '▤', 'Overview'],
  ['/recurring', '↻', 'Recurring'],
  ['/buried', '✕', 'Buried'],
  ['/nodes', '▣', 'Nodes'],
];

let screen = null;
let shown = '';

function moved() {
  const zone = place.query.get('zone');
  if (zone) clock.zone = zone;
  const id = /\/message$/.test(place.path) ? place.query.get('id') : '';
  const key = place.path + '\n' + id;
  if (key !== shown) {
    shown = key;
    screen?.stop?.();
    screen = made();
    document.title = `${screen.title} · Pitstop`;
  } else {
    screen?.query?.();
  }
  update();
}

function made() {
  for (const [pattern, screenOf] of SCREENS) {
    const match = pattern.exec(place.path);
    if (match) {
      const queue = match[1] ? decodeURIComponent(match[1]) : null;
      if (queue) localStorage.setItem(LAST_QUEUE, queue);
      return screenOf({ queue });
    }
  }
  return { title: 'Not found', view: () => html`<section class="panel"><div class="empty"><strong>There is no such page</strong><a class="button" href="/">Overview</a></div></section>` };
}

/** The queue looked at last, or the first that there is. */
function lastQueue() {
  const last = localStorage.getItem(LAST_QUEUE);
  const known = queues.items ?? [];
  const name = known.some((item) => item.queue === last) ? last : known[0]?.queue;
  return name ? toQueue(name) : to('/');
}

function page() {
  return html`<div class="frame">
    ${header()}${nav()}
    <main id="main" tabindex="-1">${away()}${access.needed ? signIn() : screen?.view() ?? nothing}</main>
  </div>${dialogView()}${toastsView()}`;
}

function header() {
  const submit = (event) => {
    event.preventDefault();
    find(new FormData(event.target).get('find'));
  };
  return html`<header>
    <a class="brand" href=${to('/')}><img src=${new URL('icon.svg', import.meta.url).pathname} alt=""><span>Pitstop</span></a>
    <form class="grow" role="search" @submit=${submit}><input id="find" name="find" type="search" class="find mono" placeholder="find id" aria-label="Find a message by id" autocomplete="off" spellcheck="false"></form>
    ${liveView()}
    <select aria-label="Time zone" @change=${zoneChosen} .value=${live(clock.zone)}>${[...new Set([browserZone, 'UTC', clock.zone])].map((zone) => html`<option value=${zone} ?selected=${zone === clock.zone}>${zoneName(undefined, zone)}</option>`)}</select>
    <button type="button" class="plain" aria-label="Theme: ${theme()}" title="Theme: ${theme()}" @click=${nextTheme}><span class="shape">${{ system: '◐', light: '○', dark: '●' }[theme()]}</span></button>
    ${ANYBODY.includes(callerName()) || access.needed ? nothing : html`<button type="button" class="plain wide" title="Known as ${callerName()}" @click=${logOut}>Log out</button>`}
    <button type="button" class="plain wide" aria-label="Keys" title="Keys" @click=${help}>?</button>
  </header>`;
}

function liveView() {
  if (access.needed) return nothing;
  const words = { connecting: 'connecting', live: 'live', polling: 'every 2 s', away: 'away' }[queues.state];
  const skewed = Math.abs(clock.ahead) > SKEWED;
  return html`<span class="live" data-state=${queues.state} role="status">${words}</span>
    ${skewed ? html`<span class="badge warn wide" title="Times are by the store's clock">clock ${clock.ahead > 0 ? 'behind' : 'ahead'} ${Math.round(Math.abs(clock.ahead) / 1000)} s</span>` : nothing}`;
}

function nav() {
  const buried = (queues.items ?? []).reduce((sum, item) => sum + value(item.buried), 0);
  return html`<nav class="main" aria-label="Screens">${NAV.map(([path, shape, words]) => {
    const current = place.path === path || (path === '/' && place.path.startsWith('/queues/'));
    return html`<a href=${to(path)} aria-current=${current ? 'page' : nothing}><span class="shape" aria-hidden="true">${shape}</span>${words}
      ${path === '/buried' && buried > 0 ? html`<span class="badge warn">${count(buried)}</span>` : nothing}</a>`;
  })}</nav>`;
}

function away() {
  if (queues.state !== 'away' || access.needed) return nothing;
  const { problem } = queues;
  return html`<div class="banner" role="alert"><strong>${problem?.title ?? 'The server cannot be reached'}</strong>
    <span>${problem?.detail ?? problem?.message ?? ''} What is shown is as it was.</span><button type="button" @click=${restartLive}>Retry</button></div>`;
}

let refused = false;

function signIn() {
  const submit = async (event) => {
    event.preventDefault();
    refused = !(await logIn(new FormData(event.target).get('token').trim()));
    if (!refused) {
      shown = '';
      moved();
      restartLive();
startRights();
      learnRights();
    }
    update();
  };
  return html`<section class="panel"><header><h2>This server asks for a token</h2></header>
    <form class="inside form" @submit=${submit}>
      ${refused ? html`<p class="wrong" role="alert">The server does not know this token.</p>` : nothing}
      <div class="field"><label for="token">Token</label><input id="token" name="token" type="password" required autocomplete="current-password"></div>
      <p class="muted">The browser keeps it for 12 hours as a cookie that no script can read.</p>
      <div><button type="submit" class="main">Log in</button></div></form></section>`;
}

function zoneChosen(event) {
  clock.zone = event.target.value;
  setQuery({ zone: clock.zone === browserZone ? null : clock.zone }, { replace: true });
}

function theme() {
  return localStorage.getItem(THEME) ?? 'system';
}

function nextTheme() {
  const next = { system: 'light', light: 'dark', dark: 'system' }[theme()];
  localStorage.setItem(THEME, next);
  showTheme();
  update();
}

function showTheme() {
  if (theme() === 'system') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.setAttribute('data-theme', theme());
}

/** Links of the console change the screen; those that are to open elsewhere do. */
function followLink(event) {
  const link = event.target.closest('a[href]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const address = new URL(link.href.baseVal ?? link.href, location.href);
  if (address.origin !== location.origin || link.hasAttribute('download') || link.target) return;
  event.preventDefault();
  go(address.pathname + address.search);
}

showTheme();
access.onNeeded = update;
place.onMove = moved;
window.addEventListener('popstate', moved);
document.addEventListener('click', followLink);
startKeys(() => screen, lastQueue);
start(page);
moved();
startLive();
startRights();
setInterval(update, 1_000); // times in words go on
