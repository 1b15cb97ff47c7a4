// What can be done with one message or one queue, each with a way back where there is one.

import { ask, lines, message, queuePath } from './api.js';
import { absolute, clock, iso, localInput, now, ofLocalInput, plural, time, zoneName } from './format.js';
import { buttons, close, open, toast } from './overlay.js';
import { html, live, nothing, timeOf, update } from './view.js';

const changes = new Set();

/** Has a function called when something was done in a queue; gives one that ends it. */
export function onChange(listener) {
  changes.add(listener);
  return () => changes.delete(listener);
}

export function changed(queue) {
  changes.forEach((listener) => listener(queue));
}

const fetchOne = async (queue, id) => (await message('GET', queue, id, '', { view: 'summary' })).json();

/** The message as it stands, exactly, to have it back; null where the token may not read bodies. */
export async function copyOf(queue, id) {
  try {
    return await (await message('GET', queue, id, ':export')).text();
  } catch (e) {
    if (e.status === 403) return null;
    throw e;
  }
}

/** Stores copies as they stood; says how many that were refused. */
export async function restore(queue, copies) {
  const answers = await lines('POST', queuePath(queue, '/messages:restore'), { body: copies.join('\n') });
  return answers.filter((answer) => answer.status >= 300);
}

/** Stores the copy back if the message still stands as the action left it. */
export async function backToCopy(queue, id, copy, stillAsLeft) {
  let there = null;
  try {
    there = await fetchOne(queue, id);
  } catch (e) {
    if (e.status !== 404) throw e;
  }
  if (!stillAsLeft(there)) {
    return `${id} has moved on, so it is left as it is`;
  }
  const refused = await restore(queue, [copy]);
  changed(queue);
  return refused.length ? `${id} was refused: ${refused[0].problem.detail}` : `${id} is back as it was`;
}

const waitsUntouched = (there) => there?.state === 'scheduled' && there.attempts === 0;

function undoBy(queue, id, copy, stillAsLeft) {
  return copy === null ? null : () => backToCopy(queue, id, copy, stillAsLeft);
}

async function doing(queue, action) {
  try {
    await action();
  } catch (e) {
    toast(`${e.title}: ${e.detail}`);
  }
  changed(queue);
}

export function requeue(queue, id) {
  return doing(queue, async () => {
    const copy = await copyOf(queue, id);
    await message('POST', queue, id, ':requeue');
    toast(`${id} is requeued: due now, attempts from zero`, undoBy(queue, id, copy, waitsUntouched));
  });
}

export async function emitNow(queue, item) {
  const next = item.next?.find((text) => Date.parse(text) > Math.max(now(), Date.parse(item.scheduledFor)));
  open(() => ({
    title: `Emit ${item.id} now?`,
    inside: html`<p>It is due ${timeOf(item.due)}. It becomes due now${item.attempts ? ', with attempts from zero' : ''}.</p>
      ${item.schedule ? html`<p>This is its occurrence of ${absolute(Date.parse(item.scheduledFor))}; ${next ? html`the one after it is ${timeOf(next)}.` : 'there is none after it.'}</p>` : nothing}
      <p class="muted">There is no undo: it may be emitted at once.</p>`,
    buttons: buttons('Emit now'),
    submit: () => {
      close();
      doing(queue, async () => {
        await message('POST', queue, item.id, ':emit-now');
        toast(`${item.id} is due now`);
      });
    },
  }));
}

/** The dialog that asks when, with the instants that people mean most. */
export function askWhen({ title, note, label, chosen }) {
  let at = now() + 3_600_000;
  let text = localInput(at);
  const offers = [
    ['in 5 min', () => now() + 300_000],
    ['in 1 h', () => now() + 3_600_000],
    ['in 1 d', () => now() + 86_400_000],
    ['in 7 d', () => now() + 7 * 86_400_000],
  ];
  const set = (millis, typed = localInput(millis)) => {
    at = millis;
    text = typed;
    update();
  };
  open(() => ({
    title,
    inside: html`<div class="bar">${offers.map(([words, millis]) => html`<button type="button" @click=${() => set(millis())}>${words}</button>`)}</div>
      <div class="form"><div class="field"><label for="when">Local time, ${clock.zone}</label>
        <input id="when" type="datetime-local" required .value=${live(text)}
          @input=${(event) => set(ofLocalInput(event.target.value), event.target.value)}></div></div>
      <p aria-live="polite">${Number.isNaN(at) ? 'Give a date and a time.' : html`Due ${timeOf(iso(at))}${at < now() ? ': that has passed, so it is due at once' : ''}`}</p>
      ${note}`,
    buttons: buttons(label, { disabled: Number.isNaN(at) }),
    submit: () => {
      close();
      chosen(iso(at));
    },
  }));
}

export function reschedule(queue, item) {
  askWhen({
    title: `Reschedule ${item.id}`,
    label: 'Reschedule',
    note: html`${item.attempts ? html`<p class="muted">Attempts begin from zero${item.lastError ? ', and the last error is forgotten' : ''}.</p>` : nothing}
      ${item.schedule ? html`<p class="muted">It stays at its occurrence of ${absolute(Date.parse(item.scheduledFor))}; the ones after it are not moved.</p>` : nothing}`,
    chosen: (at) =>
      doing(queue, async () => {
        const copy = await copyOf(queue, item.id);
        await message('POST', queue, item.id, ':reschedule', { at });
        const left = (there) => waitsUntouched(there) && Date.parse(there.due) === Date.parse(at);
        toast(`${item.id} is due ${time(Date.parse(at))} ${zoneName(Date.parse(at))}`, undoBy(queue, item.id, copy, left));
      }),
  });
}

export function remove(queue, item, afterwards = () => {}) {
  open(() => ({
    title: `Remove ${item.id}?`,
    inside: html`<p>It is <span class="state ${item.state}">${item.state}</span>${item.schedule ? ' and recurs; no occurrence of it is emitted any more' : ''}${item.state === 'leased' ? '. Its lease is revoked; whoever holds it may still do the work' : ''}.</p>`,
    buttons: buttons('Remove', { danger: true }),
    submit: () => {
      close();
      doing(queue, async () => {
        const copy = await copyOf(queue, item.id);
        await message('DELETE', queue, item.id);
        toast(`${item.id} is removed`, undoBy(queue, item.id, copy, (there) => there === null));
        afterwards();
      });
    },
  }));
}

/** Pauses a queue or resumes it; the other is the undo. */
export function setPaused(queue, pause) {
  return doing(queue, async () => {
    await ask('POST', queuePath(queue, pause ? ':pause' : ':resume'));
    toast(pause ? `${queue} is paused: nothing is emitted from it` : `${queue} is resumed`, async () => {
      await ask('POST', queuePath(queue, pause ? ':resume' : ':pause'));
      changed(queue);
      return pause ? `${queue} is resumed` : `${queue} is paused again`;
    });
  });
}

