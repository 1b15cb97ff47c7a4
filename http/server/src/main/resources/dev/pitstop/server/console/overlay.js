// What lies over the page for a while: one dialog, and toasts with an undo.

import { html, nothing, repeat, update, afterUpdate } from './view.js';

const TOAST = 20_000;

/** What has the focus first: a field, what is meant, and never what cannot be undone. */
const FIRST = ['.inside input:not([type=radio])', '.main:not(.danger):not(:disabled)', 'footer button'];

let dialog = null;
let toasts = [];
let numbers = 0;

/**
 * Opens a dialog.
 *
 * @param view gives its header's title, what is inside, its buttons, and what happens on submit
 */
export function open(view, { large = false } = {}) {
  dialog = { view, large };
  afterUpdate(() => {
    const element = document.querySelector('dialog');
    if (element && !element.open) {
      element.showModal();
      element.querySelector(FIRST.find((css) => element.querySelector(css)))?.focus();
    }
  });
}

export function close() {
  document.querySelector('dialog')?.close(); // gives the focus back
  closed();
}

export const isOpen = () => dialog !== null;

/** The dialog as a part of the page. */
export function dialogView() {
  if (!dialog) return nothing;
  const { title, inside, buttons, submit } = dialog.view();
  return html`<dialog class=${dialog.large ? 'large' : ''} aria-labelledby="dialog-title" @close=${(event) => event.target.open || closed()}>
    <form @submit=${(event) => submitted(event, submit)} autocomplete="off">
      <header><h2 id="dialog-title">${title}</h2>
        <button type="button" class="plain" aria-label="Close" @click=${close}>✕</button></header>
      <div class="inside">${inside}</div>
      <footer>${buttons}</footer>
    </form>
  </dialog>`;
}

/** May be called again, and by the event of a dialog that another one has followed. */
function closed() {
  const was = dialog;
  dialog = null;
  was?.view.closed?.();
  update();
}

function submitted(event, submit) {
  event.preventDefault();
  submit?.(new FormData(event.target), event.target);
}

/** The two buttons of a dialog that asks. */
export function buttons(label, { danger = false, disabled = false } = {}) {
  return html`<button type="button" @click=${close}>Cancel</button>
    <button type="submit" class=${danger ? 'main danger' : 'main'} ?disabled=${disabled}>${label}</button>`;
}

/** Says what was done, for 20 seconds, with a way to undo it if there is one. */
export function toast(text, undo = null) {
  const entry = { number: ++numbers, text, undo };
  toasts = [...toasts.slice(-3), entry];
  setTimeout(() => dismiss(entry), TOAST);
  update();
}

function dismiss(entry) {
  toasts = toasts.filter((other) => other !== entry);
  update();
}

async function undo(entry) {
  dismiss(entry);
  try {
    toast(await entry.undo());
  } catch (e) {
    toast(`Not undone: ${e.detail || e.message}`);
  }
}

/** Undoes what the newest toast offers; says whether there was one. */
export function undoLast() {
  const entry = toasts.findLast((each) => each.undo);
  if (entry) undo(entry);
  return entry !== undefined;
}

export function toastsView() {
  return html`<div class="toasts" role="status" aria-live="polite">
    ${repeat(toasts, (entry) => entry.number, (entry) => html`<div class="toast">
      <span class="grow">${entry.text}</span>
      ${entry.undo ? html`<button type="button" data-do="undo" @click=${() => undo(entry)}>Undo</button>` : nothing}
      <button type="button" class="plain" aria-label="Dismiss" @click=${() => dismiss(entry)}>✕</button>
    </div>`)}
  </div>`;
}
