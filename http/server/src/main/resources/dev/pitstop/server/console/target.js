// Where a queue's messages are posted to: how that goes, and the forms that set, test and remove it.

import { ask, queuePath } from './api.js';
import { changed } from './actions.js';
import { onStats, queues } from './live.js';
import { buttons, close, open, toast } from './overlay.js';
import { may } from './rights.js';
import { html, live, nothing, timeOf, update } from './view.js';

const AGAIN = 10_000;
const SECRET_BYTES = 24;

const isBad = (target) => target?.state === 'failing' || target?.state === 'unreadable';

/** How a target fares, in a word with its shape; nothing without one. */
export function targetState(target) {
  if (!target) return nothing;
  if (target.state === 'unreadable') return html`<span class="state failed">webhook unreadable</span>`;
  if (target.state === 'untried') return html`<span class="muted nowrap">webhook, nothing posted yet</span>`;
  const p99 = target.p99Millis === undefined ? '' : ` · p99 ${target.p99Millis} ms`;
  return target.state === 'failing'
    ? html`<span class="state failed">webhook failing${target.status ? ` · ${target.status}` : ''}</span>`
    : html`<span class="state acked">webhook ${target.status ?? ''}${p99}</span>`;
}

/** The same where only what is wrong is worth a word. */
export const badTarget = (target) => (isBad(target) ? targetState(target) : nothing);

/** The target of one queue, kept up with: all of it for who may see that, its state for others. */
export class Target {
  constructor(queue) {
    this.queue = queue;
    this.whole = null;
    this.stopped = false;
    this.seen = this.word();
    this.endStats = onStats(() => this.lookIfChanged());
    this.look();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.endStats();
  }

  word() {
    return JSON.stringify(queues.get(this.queue)?.target ?? null);
  }

  lookIfChanged() {
    const now = this.word();
    if (now !== this.seen) {
      this.seen = now;
      this.look();
    }
  }

  async look() {
    clearTimeout(this.timer);
    try {
      const whole = await ask('GET', queuePath(this.queue, '/target'));
      this.whole = { ...whole, status: whole.last?.status };
    } catch {
      this.whole = null; // the queue has none, or it may not be looked at
    }
    if (this.stopped) return;
    if (this.whole) this.timer = setTimeout(() => this.look(), AGAIN);
    update();
  }

  badge() {
    return targetState(this.whole ?? queues.get(this.queue)?.target);
  }

  button() {
    return may('admin', this.queue)
      ? html`<button type="button" data-do="target" @click=${() => openTarget(this)}>Webhook…</button>`
      : nothing;
  }

  /** What is wrong, with the target's own words. */
  trouble() {
    const { whole } = this;
    if (!isBad(whole)) return nothing;
    return html`<div class="banner target" role="status">${targetState(whole)}
      <span class="grow">${whole.state === 'unreadable' ? html`Nothing is posted: ${whole.error}` : html`${inARow(whole.failures)}, the last ${timeOf(whole.lastAt)}: <span class="mono">${whole.last.error}</span>`}</span></div>`;
  }
}

const inARow = (failures) => (failures === 1 ? 'The last post failed' : `${failures} posts in a row failed`);

/** Opens what is known of a queue's target, with what can be done. */
function openTarget(target) {
  const dialog = new TargetDialog(target);
  open(() => dialog.view(), { large: true });
}

class TargetDialog {
  constructor(target) {
    this.target = target;
    this.queue = target.queue;
    this.secrets = '';
    this.tested = null;
    this.testing = false;
    this.refused = null;
  }

  view() {
    const { whole } = this.target;
    const fixed = whole?.from === 'configuration';
    return {
      title: `Webhook of ${this.queue}`,
      inside: html`${whole ? this.facts(whole) : html`<p>Messages of this queue are posted nowhere. With a target, each is posted to it when it is due.</p>`}
        ${fixed ? html`<p class="muted">It is in the server's configuration, and is changed there.</p>` : this.form(whole)}`,
      buttons: html`${whole && !fixed ? html`<button type="button" class="danger" @click=${() => this.askRemove()}>Remove…</button>` : nothing}
        ${whole?.url ? html`<button type="button" data-do="test" ?disabled=${this.testing} @click=${() => this.test()}>Post a test</button>` : nothing}
        <button type="button" @click=${close}>${fixed ? 'Close' : 'Cancel'}</button>
        ${fixed ? nothing : html`<button type="submit" class="main">${whole ? 'Replace' : 'Set'}</button>`}`,
      submit: (data) => fixed || this.put(data),
    };
  }

  facts(whole) {
    if (whole.state === 'unreadable') return html`<p class="wrong">What is kept of it cannot be read by this server: ${whole.error}</p>`;
    const { last } = whole;
    return html`<dl class="facts">
      <dt>Posts to</dt><dd class="mono">${whole.url}</dd>
      <dt>Signed with</dt><dd>${whole.secrets === 0 ? 'no secret' : whole.secrets === 1 ? '1 secret' : `${whole.secrets} secrets`}</dd>
      <dt>At most</dt><dd>${whole.concurrency} at once, ${whole.timeoutMillis / 1000} s each${whole.allowPrivate ? ', in private networks too' : ''}</dd>
      <dt>Now</dt><dd>${targetState(whole)}${whole.underWay ? ` · ${whole.underWay} under way` : ''}</dd>
      ${last ? html`<dt>Last post</dt><dd>${timeOf(whole.lastAt)}${last.error ? html`<br><span class="mono">${last.error}</span>` : nothing}</dd>` : nothing}
      </dl>
      <div aria-live="polite">${this.testing ? html`<p class="muted">A test is under way…</p>` : this.tested ? this.outcome() : nothing}</div>`;
  }

  outcome() {
    const { outcome, status, error, tookMillis } = this.tested;
    return outcome === 'ok'
      ? html`<p class="tested"><span class="state acked">test answered ${status}</span> in ${tookMillis} ms</p>`
      : html`<p class="tested"><span class="state failed">test ${outcome}</span> after ${tookMillis} ms: <span class="mono">${error}</span></p>`;
  }

  form(whole) {
    const wrong = (name) => this.refused?.field === name;
    return html`<fieldset class="form">
      ${whole ? html`<legend>Replace it</legend>` : nothing}
      <div class="field"><label for="target-url">Address</label>
        <input id="target-url" name="url" class="mono" type="url" required maxlength="2048" spellcheck="false" placeholder="https://shop.example.com/hook" .defaultValue=${whole?.url ?? ''} aria-invalid=${wrong('url')}></div>
      <div class="field"><label for="target-secrets">Secrets, one a line</label>
        <textarea id="target-secrets" name="secrets" class="mono short" rows="2" spellcheck="false" placeholder="whsec_…" .value=${live(this.secrets)} aria-invalid=${wrong('secrets')} @input=${(event) => (this.secrets = event.target.value)}></textarea>
        <span class="bar"><button type="button" @click=${() => this.addSecret()}>New secret</button>
          <span class="muted small grow">The receiver needs them too, and they are never shown again.</span></span></div>
      <div class="pair">
        <div class="field"><label for="target-timeout">Answer within</label><input id="target-timeout" name="timeout" .defaultValue=${whole?.timeoutMillis ? `${whole.timeoutMillis}ms`.replace(/000ms$/, 's') : '15s'} aria-invalid=${wrong('timeout')} spellcheck="false"></div>
        <div class="field"><label for="target-concurrency">At once</label><input id="target-concurrency" name="concurrency" type="number" min="1" max="1000" required .defaultValue=${String(whole?.concurrency ?? 16)} aria-invalid=${wrong('concurrency')}></div>
      </div>
      <label><input id="target-private" type="checkbox" name="allowPrivate" .defaultChecked=${whole?.allowPrivate ?? false}> May be in a private network</label>
      ${whole ? html`<p class="muted small">What is there is replaced as a whole: an address's query and the secrets are not shown, so they must be given again.</p>` : nothing}
      ${this.refused ? html`<p class="wrong" role="alert">${this.refused.title}: ${this.refused.detail}</p>` : nothing}
    </fieldset>`;
  }

  addSecret() {
    const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
    const secret = 'whsec_' + btoa(String.fromCharCode(...bytes));
    this.secrets = [this.secrets.trim(), secret].filter(Boolean).join('\n');
    update();
  }

  async put(data) {
    const body = JSON.stringify({
      url: data.get('url').trim(),
      secrets: this.secrets.split(/\s+/).filter(Boolean),
      timeout: data.get('timeout').trim(),
      concurrency: Number(data.get('concurrency')),
      allowPrivate: data.get('allowPrivate') !== null,
    });
    await this.attempt(async () => {
      const { outcome } = await ask('PUT', queuePath(this.queue, '/target'), { body, type: 'application/json' });
      toast(outcome === 'created' ? `Messages of ${this.queue} are posted now` : `The webhook of ${this.queue} is replaced`);
    });
  }

  askRemove() {
    open(() => ({
      title: `Remove the webhook of ${this.queue}?`,
      inside: html`<p>Its messages stay and are posted no more. Posts under way come to their end.</p>
        <p class="muted">There is no undo: its secrets are not shown to anybody.</p>
        ${this.refused ? html`<p class="wrong" role="alert">${this.refused.title}: ${this.refused.detail}</p>` : nothing}`,
      buttons: buttons('Remove', { danger: true }),
      submit: () =>
        this.attempt(async () => {
          await ask('DELETE', queuePath(this.queue, '/target'));
          toast(`The webhook of ${this.queue} is removed`);
        }),
    }));
  }

  /** Does something that closes the dialog, or says in it why it was refused. */
  async attempt(action) {
    try {
      await action();
      close();
      changed(this.queue);
      this.target.look();
    } catch (e) {
      this.refused = e;
      update();
    }
  }

  async test() {
    this.testing = true;
    update();
    try {
      this.tested = await ask('POST', queuePath(this.queue, '/target:test'));
    } catch (e) {
      this.tested = { outcome: 'refused', tookMillis: 0, error: e.detail || e.title };
    }
    this.testing = false;
    update();
  }
}
