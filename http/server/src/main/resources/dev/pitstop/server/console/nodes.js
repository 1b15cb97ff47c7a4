// The processes on the store, and the store.

import { ask } from './api.js';
import { count, distance, rate } from './format.js';
import { onStats } from './live.js';
import { Panel } from './panel.js';
import { html, nothing } from './view.js';

const AGAIN = 5_000;

export function nodesScreen() {
  let asked = 0;
  const panel = new Panel((signal) => {
    asked = Date.now();
    return ask('GET', '/v1/nodes', { signal });
  });
  const endStats = onStats(() => Date.now() - asked > AGAIN && !panel.problem?.absent && panel.reload());
  panel.reload();

  return {
    title: 'Nodes',
    view: () => html`<div class="title"><h1>Nodes</h1></div>
      <section class="panel">${panel.problem?.absent && !panel.data
        ? html`<p class="empty">This server does not tell about nodes.</p>`
        : panel.view((data) => nodes(data))}</section>
      ${panel.data?.settings ? settings(panel.data.settings) : nothing}`,
    stop() {
      endStats();
      panel.stop();
    },
  };
}

const STATES = { up: ['acked', 'up'], late: ['overdue', 'late'], stalled: ['overdue', 'stalled'], lost: ['failed', 'lost'], gone: ['gone', 'gone'] };

function nodes(data) {
  return html`<table class="cards"><thead><tr><th>Node</th><th>State</th><th>Up since</th><th>Seen</th><th class="num">Emitted/s</th><th>Version</th></tr></thead>
    <tbody>${data.items.map((node) => {
      const [kind, word] = STATES[node.state] ?? ['scheduled', node.state ?? 'up'];
      return html`<tr><td class="mono">${node.node ?? node.id ?? node.name}${node.self ? html` <span class="badge">this one</span>` : nothing}</td>
        <td><span class="state ${kind}">${word}</span>${node.why ? html` <span class="muted">${node.why}</span>` : nothing}</td>
        <td data-word="since">${node.since ? distance(Date.parse(node.since)) : ''}</td><td data-word="seen">${node.seen ? distance(Date.parse(node.seen)) : ''}</td>
        <td class="num" data-word="emitted/s">${rate(node.rates?.emitted)}</td><td>${node.version ?? ''}</td></tr>`;
    })}</tbody></table>
    ${data.store ? html`<p class="age muted">Store: ${data.store.kind ?? data.store.address ?? ''} ${data.store.state ?? ''}</p>` : nothing}
    ${data.items.length === 0 ? html`<p class="empty">No node has reported yet.</p>` : html`<p class="age muted">${count(data.items.length)} on this store.</p>`}`;
}

function settings(all) {
  return html`<section class="panel"><header><h2>Settings</h2></header><div class="scroll"><table><thead><tr><th>Setting</th><th>Value</th><th>Default</th><th>Set in</th></tr></thead>
    <tbody>${all.map((row) => html`<tr><td class="mono">${row.name}</td><td class="mono">${row.value}</td><td class="mono muted">${row.default ?? ''}</td><td>${row.from ?? ''}</td></tr>`)}</tbody></table></div></section>`;
}
