// A message's body: JSON made readable, as text, or byte for byte. Of a long one the beginning.

import { queuePath, send } from './api.js';
import { bytes as size } from './format.js';
import { Panel } from './panel.js';
import { copy, download, guard, html, nothing, update } from './view.js';

const SHOWN = 64 * 1024;
const HEX_SHOWN = 8 * 1024;

/** The beginning of a stream of bytes, and whether there was more. */
async function beginning(answer, most) {
  const reader = answer.body.getReader();
  const parts = [];
  let length = 0;
  while (length <= most) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    length += value.length;
  }
  const cut = length > most;
  if (cut) await reader.cancel();
  const all = new Uint8Array(length);
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return { bytes: cut ? all.slice(0, most) : all, cut };
}

/** The text that bytes are in UTF-8, or null; a character that was cut in two at the end is left out. */
function textOf({ bytes, cut }) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
  } catch {
    return null;
  }
}

/**
 * JSON with line breaks, its tokens marked. Works on the text: numbers keep their digits.
 */
export function pretty(text) {
  const out = [];
  const tokens = text.match(/"(?:[^"\\]|\\.)*"?|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let depth = 0;
  const newLine = () => '\n' + '  '.repeat(Math.max(0, depth));
  tokens.forEach((token, i) => {
    const next = tokens[i + 1];
    if (token === '{' || token === '[') {
      depth++;
      out.push(token, next === '}' || next === ']' ? '' : newLine());
    } else if (token === '}' || token === ']') {
      depth--;
      const before = tokens[i - 1];
      out.push(before === '{' || before === '[' ? '' : newLine(), token);
    } else if (token === ',') {
      out.push(',', newLine());
    } else if (token === ':') {
      out.push(': ');
    } else if (token.startsWith('"')) {
      out.push(html`<span class=${next === ':' ? 'json-name' : 'json-text'}>${token}</span>`);
    } else {
      out.push(html`<span class="json-word">${token}</span>`);
    }
  });
  return out;
}

function hex(bytes) {
  const rows = [];
  for (let at = 0; at < Math.min(bytes.length, HEX_SHOWN); at += 16) {
    const row = [...bytes.slice(at, at + 16)];
    const digits = row.map((b) => b.toString(16).padStart(2, '0'));
    const left = digits.slice(0, 8).join(' ').padEnd(23);
    const right = digits.slice(8).join(' ').padEnd(23);
    const text = row.map((b) => (b >= 0x20 && b < 0x7f ? String.fromCharCode(b) : '·')).join('');
    rows.push(`${at.toString(16).padStart(6, '0')}  ${left}  ${right}  ${text}`);
  }
  return rows.join('\n');
}

function isJson(text, contentType, cut) {
  if (text === null || !(/[/+]json\b/.test(contentType) || /^\s*[{[]/.test(text))) return false;
  if (cut) return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export class Body {
  constructor(queue, id) {
    this.queue = queue;
    this.id = id;
    this.kind = null; // the reader's choice
    this.copied = false;
    this.panel = new Panel(async (signal) => {
      const answer = await send('GET', queuePath(queue) + '/message:body', { query: { id }, signal });
      const contentType = answer.headers.get('Pitstop-Content-Type') ?? '';
      const body = await beginning(answer, SHOWN);
      const text = textOf(body);
      return { ...body, text, contentType, json: isJson(text, contentType, body.cut) };
    });
    this.panel.reload();
  }

  stop() {
    this.panel.stop();
  }

  view(item) {
    const body = this.panel.data;
    const kinds = body ? [...(body.json ? ['pretty'] : []), ...(body.text !== null ? ['raw'] : []), 'hex'] : [];
    const kind = kinds.includes(this.kind) ? this.kind : kinds[0];
    const choose = (each) => {
      this.kind = each;
      update();
    };
    return html`<section class="panel" aria-label="Body">
      <header><h2>Body <span class="muted">${size(item.bodyBytes ?? 0)} · ${item.contentType ?? ''}</span></h2>
        ${kinds.length > 1 ? html`<span class="segments" role="group" aria-label="Shown as">${kinds.map((each) => html`<button type="button" aria-pressed=${each === kind} @click=${() => choose(each)}>${each}</button>`)}</span>` : nothing}
        ${body && body.text !== null && !body.cut ? html`<button type="button" @click=${() => this.copy(body.text)}>${this.copied ? 'Copied' : 'Copy'}</button>` : nothing}
        ${body ? html`<button type="button" @click=${() => this.download()}>Download</button>` : nothing}
      </header>
      ${this.panel.view((loaded) => guard([loaded, kind], () => this.shown(loaded, kind)), 3)}
    </section>`;
  }

  shown(body, kind) {
    if (body.bytes.length === 0) return html`<p class="empty">The body is empty.</p>`;
    const cut = body.cut ? SHOWN : body.bytes.length;
    const shown = kind === 'hex' ? Math.min(cut, HEX_SHOWN) : cut;
    return html`${kind === 'hex'
        ? html`<pre class="body" tabindex="0">${hex(body.bytes)}</pre>`
        : html`<pre class=${kind === 'raw' ? 'body wrap' : 'body'} tabindex="0">${kind === 'pretty' ? pretty(body.text) : body.text}</pre>`}
      ${body.cut || shown < body.bytes.length ? html`<p class="age muted">The first ${size(shown)}; the rest by Download.</p>` : nothing}`;
  }

  async copy(text) {
    this.copied = await copy(text);
    update();
  }

  async download() {
    const answer = await send('GET', queuePath(this.queue) + '/message:body', { query: { id: this.id } });
    download(this.id.replace(/[^\w.-]+/g, '_') || 'body', [await answer.arrayBuffer()], 'application/octet-stream');
  }
}
