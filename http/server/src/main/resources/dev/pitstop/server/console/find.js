// Finds a message by its id in all queues: exactly, or by how the id begins.

import { ask, message, queuePath } from './api.js';
import { count } from './format.js';
import { queues } from './live.js';
import { stateView } from './message.js';
import { close, open } from './overlay.js';
import { trouble } from './panel.js';
import { go, html, nothing, toMessage, toQueue, update } from './view.js';

const MOST_QUEUES = 200;
const EACH = 5;

/** Goes to the message if there is one only, and shows those that there are otherwise. */
export async function find(text) {
  const id = text.trim();
  if (!id) return;
  const names = (queues.items ?? []).map((item) => item.queue).slice(0, MOST_QUEUES);
  const found = [];
  let problem = null;
  let searching = true;
  const exact = await Promise.all(names.map((queue) => message('GET', queue, id, '', { view: 'summary' }).then((answer) => answer.json(), () => null)));
  const hits = exact.filter(Boolean);
  if (hits.length === 1) {
    go(toMessage(hits[0].queue, hits[0].id));
    return;
  }
  found.push(...hits);
  const show = (event) => event.target.closest('a') && close();
  open(() => ({
    title: `Messages whose ids begin with ${id}`,
    inside: html`${found.length ? html`<ul class="samples" @click=${show}>${found.map((item) => html`<li><a class="mono" href=${toMessage(item.queue, item.id)}>${item.id}</a><span class="nowrap"><a href=${toQueue(item.queue, { prefix: id })}>${item.queue}</a> ${stateView(item)}</span></li>`)}</ul>` : nothing}
      ${problem ? trouble(problem) : nothing}
      <p class="muted" aria-live="polite">${searching ? 'Searching…' : found.length === 0 ? `No queue holds one. What was acked or removed is gone.` : `Up to ${EACH} of each queue, ${count(names.length)} queues searched.`}</p>`,
    buttons: html`<button type="button" @click=${close}>Close</button>`,
  }));
  for (const queue of names) {
    try {
      const page = await ask('GET', queuePath(queue, '/messages'), { query: { prefix: id, limit: EACH } });
      found.push(...page.items.filter((item) => !found.some((other) => other.queue === item.queue && other.id === item.id)));
      update();
    } catch (e) {
      problem = e;
    }
  }
  searching = false;
  update();
}
