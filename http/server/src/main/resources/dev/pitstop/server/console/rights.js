// What the caller may do, so that buttons that would be refused are not there.

import { ask } from './api.js';
import { onStats, queues } from './live.js';
import { update } from './view.js';

let known = null;
let asked = false;

/** Who calls; empty until that is known, and where nobody need say. */
export const callerName = () => known?.name ?? '';

/** Whether something is allowed in a queue, or in all; true until it is known. */
export function may(right, queue = '*') {
  if (known === null) return true;
  return (known.queues[queue] ?? known.rights).includes(right);
}

/** Asks (again), as for somebody else. */
export async function learnRights() {
  asked = true;
  try {
    known = await ask('GET', '/v1/caller');
    update();
  } catch {
    known = null; // what is not allowed is refused when it is tried
  } finally {
    asked = false;
  }
}

/** Keeps up with queues that come. */
export function startRights() {
  learnRights();
  onStats(() => {
    const isNew = (item) => known !== null && !(item.queue in known.queues);
    if (!asked && queues.items?.some(isNew)) learnRights();
  });
}
