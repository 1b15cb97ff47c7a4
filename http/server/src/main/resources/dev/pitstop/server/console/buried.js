// What was set aside in all queues, together by why.

import { ask, queuePath } from './api.js';
import { onChange } from './actions.js';
import { doWithPicked } from './bulk.js';
import { count, distance, plural, value } from './format.js';
import { onStats, queues } from './live.js';
import { Panel } from './panel.js';
import { may } from './rights.js';
import { html, nothing, place, repeat, setQuery, shortTime, toMessage, toQueue, update } from './view.js';

const LOOKED_AT = 1_000;

/** An error without what differs from message to message: ids, what stands in quotes, and numbers but for a first one, as a status. */
export function signature(error) {
  return (error ?? 'no error was given')
    .split('\n', 1)[0]
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27,}/gi, '…')
    .replace(/\b[0-9a-f]{12,}\b/gi, '…')
    .replace(/(["']).*?\1/g, '…')
    .replace(/(?<!^)\b\d+(?:[.,:]\d+)*/g, '#')
    .slice(0, 200);
}

function grouped(items) {
  const groups = new Map();
  for (const item of items) {
    const key = signature(item.lastError);
    const group = groups.get(key) ?? { key, example: item.lastError, items: [], queues: new Set(), first: item.due, last: item.due };
    group.items.push(item);
    group.queues.add(item.queue);
    if (item.due < group.first) group.first = item.due;
    if (item.due > group.last) group.last = item.due;
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.items.length - a.items.length);
}

export function buriedScreen() {
  let seen = '';
  const panel = new Panel(async (signal) => {
    const holding = (queues.items ?? (await ask('GET', '/v1/queues', { signal })).items).filter((item) => value(item.buried) > 0);
    const pages = [];
    let room = LOOKED_AT;
    for (const { queue } of holding) {
      if (room <= 0) break;
      const page = await ask('GET', queuePath(queue, '/messages'), { query: { state: 'buried', limit: Math.min(room, 1000) }, signal });
      room -= page.items.length;
      pages.push(...page.items);
    }
    const total = holding.reduce((sum, item) => sum + value(item.buried), 0);
    return { items: pages, groups: grouped(pages), total: Math.max(total, pages.length), queues: holding.map((item) => item.queue) };
  });
  const counts = () => JSON.stringify((queues.items ?? []).map((item) => [item.queue, item.buried]));
  const endStats = onStats(() => {
    const now = counts();
    if (now !== seen && !panel.loading) {
      seen = now;
      panel.reload();
    }
  });
  const endChanges = onChange(() => panel.reload());
  seen = counts();
  panel.reload();

  function view() {
    const asList = place.query.get('view') === 'list';
    return html`<div class="title"><h1>Buried</h1><span class="bar">
        <span class="segments" role="group" aria-label="Shown as"><button type="button" aria-pressed=${!asList} @click=${() => setQuery({ view: null }, { replace: true })}>Groups</button><button type="button" aria-pressed=${asList} @click=${() => setQuery({ view: 'list' }, { replace: true })}>List</button></span></span></div>
      <section class="panel">${panel.view((data) => (data.items.length === 0 ? none() : html`${head(data)}${asList ? list(data) : groups(data)}`), 5)}</section>`;
  }

  function head(data) {
    const some = data.items.length < data.total;
    return html`<header><h2>${plural(data.total, 'message')} buried${some ? `, the first ${count(data.items.length)} of them grouped` : ', all grouped'}</h2>
      ${data.queues.every((queue) => may('admin', queue)) ? html`<button type="button" @click=${() => doWithPicked('requeue', data.items)}>Requeue ${some ? 'these' : 'all'}…</button>
      <button type="button" class="danger" @click=${() => doWithPicked('remove', data.items)}>Remove ${some ? 'these' : 'all'}…</button>` : nothing}</header>`;
  }

  function groups(data) {
    return html`<table class="cards"><thead><tr><th>Error</th><th class="num">Count</th><th>Queues</th><th>First due</th><th>Last due</th><th><span class="hidden">Actions</span></th></tr></thead>
      <tbody>${repeat(data.groups, (group) => group.key, (group) => html`<tr>
        <td class="full"><code title=${group.example ?? ''}>${group.key}</code></td>
        <td class="num" data-word="count">${count(group.items.length)}</td>
        <td>${[...group.queues].map((queue) => html`<a href=${toQueue(queue, { state: 'buried' })}>${queue}</a> `)}</td>
        <td data-word="first">${shortTime(group.first)}</td><td data-word="last">${shortTime(group.last)}</td>
        <td class="full">${[...group.queues].every((queue) => may('admin', queue)) ? html`<span class="bar"><button type="button" @click=${() => doWithPicked('requeue', group.items)}>Requeue…</button>
          <button type="button" class="danger" @click=${() => doWithPicked('remove', group.items)}>Remove…</button></span>` : nothing}</td></tr>`)}</tbody></table>`;
  }

  function list(data) {
    return html`<table class="cards"><thead><tr><th>Id</th><th>Queue</th><th>Was due</th><th class="num">Tries</th><th>Error</th></tr></thead>
      <tbody>${data.items.slice(0, 200).map((item) => html`<tr>
        <td class="id mono"><a href=${toMessage(item.queue, item.id)}>${item.id}</a></td><td>${item.queue}</td>
        <td title=${distance(Date.parse(item.due))}>${shortTime(item.due)}</td><td class="num" data-word="tries">${item.attempts}</td>
        <td class="error full" title=${item.lastError ?? ''}>${item.lastError ?? ''}</td></tr>`)}</tbody></table>
      ${data.items.length > 200 ? html`<p class="age muted">The first 200; the rest in each queue: ${data.queues.map((queue) => html`<a href=${toQueue(queue, { state: 'buried' })}>${queue}</a> `)}</p>` : nothing}`;
  }

  return {
    title: 'Buried',
    view,
    query: () => update(),
    stop() {
      endStats();
      endChanges();
      panel.stop();
    },
  };
}

function none() {
  return html`<div class="empty"><strong>Nothing is buried</strong><span>A message is set aside when its last attempt has failed, when its handler buries it, or when its body cannot be read.</span></div>`;
}
