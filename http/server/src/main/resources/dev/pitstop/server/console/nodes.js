// The processes on the store.

import { ask } from './api.js';
import { clock, count, length } from './format.js';
import { onStats } from './live.js';
import { Panel } from './panel.js';
import { html, nothing, repeat, shortTime } from './view.js';

const AGAIN = 5_000;
const SKEWED = 2_000;
const SILENT = 15_000; // each tells of itself every 5 s

export function nodesScreen() {
  let asked = 0;
  const panel = new Panel(async (signal) => {
    asked = Date.now();
    const data = await ask('GET', '/v1/nodes', { signal });
    clock.heard(data.asOf);
    return data;
  });
  const endStats = onStats(() => Date.now() - asked > AGAIN && !panel.problem?.absent && panel.reload());
  panel.reload();

  return {
    title: 'Nodes',
    view: () => html`<div class="title"><h1>Nodes</h1></div>
      <section class="panel">${panel.problem?.absent && !panel.data
        ? html`<p class="empty">This server does not tell about nodes.</p>`
        : panel.view(nodes)}</section>`,
    stop() {
      endStats();
      panel.stop();
    },
  };
}

function nodes(data) {
  const asOf = Date.parse(data.asOf);
  return html`<table class="cards"><thead><tr><th>Node</th><th>State</th><th>Up since</th><th class="num">Late, p99</th><th class="num">Store call, p99</th><th class="num">Clock off by</th><th>Version</th></tr></thead>
    <tbody>${repeat(data.items, (node) => node.node, (node) => html`<tr>
      <td class="id mono" title=${node.node}>${node.name ?? node.node}${node.self ? html` <span class="badge">this one</span>` : nothing}</td>
      <td>${stateOf(node, asOf)}</td>
      <td data-word="since">${shortTime(node.started)}</td>
      <td class="num" data-word="late p99">${count(node.latenessMillis)} ms</td>
      <td class="num" data-word="store p99">${millis(node.storeCallMicros)}</td>
      <td class="num" data-word="clock">${Math.abs(node.clockErrorMillis) > SKEWED ? html`<span class="state overdue">${count(node.clockErrorMillis)} ms</span>` : html`${count(node.clockErrorMillis)} ms`}</td>
      <td data-word="version">${node.version}</td></tr>`)}</tbody></table>
    <p class="age muted">${data.items.length === 1 ? 'The only one that tells of itself on this store.' : `${count(data.items.length)} on this store. One that has not told of itself for 30 s is left out.`}</p>`;
}

/** Up, or what is wrong: nothing heard lately, or a listener that stands still. */
function stateOf(node, asOf) {
  const silent = asOf - Date.parse(node.seen);
  const ill = (node.listeners ?? []).filter((listener) => !listener.healthy);
  if (silent > SILENT) return html`<span class="state overdue">silent for ${length(silent)}</span>`;
  if (ill.length > 0) {
    return html`<span class="state failed" title=${ill.map((listener) => listener.queue).join(', ')}>in trouble: ${ill[0].queue}${ill.length > 1 ? ` and ${ill.length - 1} more` : ''}</span>`;
  }
  return html`<span class="state acked">up</span>`;
}

function millis(micros) {
  return micros === undefined ? '' : `${micros < 10_000 ? (micros / 1000).toFixed(1) : Math.round(micros / 1000)} ms`;
}
