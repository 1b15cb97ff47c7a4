// Keys. They can be switched off, and never act while somebody types.

import { isOpen, open, close, undoLast } from './overlay.js';
import { go, html, to, update } from './view.js';

const OFF = 'pitstop-keys-off';
const SCREENS = { o: '/', r: '/recurring', b: '/buried', n: '/nodes' };
const MEANT_WITHIN = 1_500;

const HELP = [
  ['/', 'find a message by its id'],
  ['g then o r b n', 'Overview, Recurring, Buried, Nodes'],
  ['g then q', 'the queue looked at last'],
  ['j k', 'next row, row before'],
  ['x', 'select the row'],
  ['Enter', 'open the row'],
  ['r', 'requeue'],
  ['e', 'emit now'],
  ['Del', 'remove'],
  ['p', 'pause or resume the queue'],
  ['z', 'undo'],
  ['+ − ← → 0', 'zoom and move the timeline, when it is in focus'],
  ['Esc', 'close, or clear the selection'],
];

let wentAt = 0;

export const keys = {
  get off() {
    return localStorage.getItem(OFF) === 'true';
  },
  set off(off) {
    localStorage.setItem(OFF, String(off));
  },
};

export function help() {
  open(() => ({
    title: 'Keys',
    inside: html`<dl class="facts">${HELP.map(([key, meaning]) => html`<dt><kbd>${key}</kbd></dt><dd>${meaning}</dd>`)}</dl>
      <label><input type="checkbox" .checked=${!keys.off} @change=${(event) => ((keys.off = !event.target.checked), update())}> Keys are on in this browser</label>
      <p><a href="/v1/openapi.json" target="_blank" rel="noopener">The API that this console uses</a></p>`,
    buttons: html`<button type="button" class="main" @click=${close}>Close</button>`,
  }));
}

/** Leads keys to what they mean; the rest to the screen. */
export function startKeys(screen, lastQueue) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isOpen()) return;
    const typing = event.target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]');
    if (typing) {
      if (event.key === 'Escape') typing.blur();
      return;
    }
    if (event.key === '?') return done(event, help);
    if (keys.off) return;
    if (Date.now() - wentAt < MEANT_WITHIN) {
      wentAt = 0;
      if (SCREENS[event.key]) return done(event, () => go(to(SCREENS[event.key])));
      if (event.key === 'q') return done(event, () => go(lastQueue()));
    }
    if (event.key === 'g') return done(event, () => (wentAt = Date.now()));
    if (event.key === '/') return done(event, () => document.querySelector('#find')?.focus());
    if (event.key === 'z') return done(event, undoLast);
    if (screen()?.key?.(event)) event.preventDefault();
  });
}

function done(event, action) {
  event.preventDefault();
  action();
}
