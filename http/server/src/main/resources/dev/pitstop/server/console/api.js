// Asks the server. What it refuses is a Problem (RFC 9457), with the id of the request.

// A browser shows its token as a cookie that scripts cannot read; what changes something carries
// this header besides, which pages of other sites cannot send.
const CSRF = { 'X-Pitstop-Csrf': '1' };

export class Problem extends Error {
  constructor(status, json) {
    super(json.detail ?? json.title ?? 'The server did not say why');
    this.status = status;
    this.title = json.title ?? `Status ${status}`;
    this.detail = json.detail ?? '';
    this.field = json.field;
    this.limit = json.limit;
    this.requestId = json.requestId;
    this.type = json.type ?? '';
  }

  /** Whether the server lacks the route, as an older one or one without that part does. */
  get absent() {
    return this.status === 404 && this.detail === 'there is no such path';
  }
}

/** Told when a token is needed, or another one. */
export const access = { needed: false, onNeeded: () => {} };

/** Has the browser keep a token; says whether the server knows it. */
export async function logIn(token) {
  const answer = await fetch('/login', {
    method: 'POST',
    body: new URLSearchParams({ token }),
    redirect: 'manual', // success leads to the first page; this one stays
    headers: CSRF,
  });
  access.needed = answer.type !== 'opaqueredirect';
  return !access.needed;
}

export async function logOut() {
  await fetch('/logout', { method: 'POST', redirect: 'manual', headers: CSRF });
  access.needed = true;
  access.onNeeded();
}

function address(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return text ? `${path}?${text}` : path;
}

/** The raw answer; a Problem for whatever is not a success. */
export async function send(method, path, { query, body, type, more, signal } = {}) {
  let answer;
  try {
    answer = await fetch(address(path, query), {
      method,
      body,
      signal,
      cache: 'no-store',
      headers: { ...(method === 'GET' ? {} : CSRF), ...(type ? { 'Content-Type': type } : {}), ...more },
    });
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw new Problem(0, { title: 'The server cannot be reached', detail: 'It did not answer at all.' });
  }
  if (!answer.ok) {
    const json = await answer.json().catch(() => ({}));
    const problem = new Problem(answer.status, json);
    problem.requestId ??= answer.headers.get('X-Request-Id') ?? undefined;
    if (answer.status === 401) {
      access.needed = true;
      access.onNeeded();
    }
    throw problem;
  }
  return answer;
}

export async function ask(method, path, options) {
  const answer = await send(method, path, options);
  return answer.status === 204 ? {} : answer.json();
}

/** The answers of a route that gives lines of JSON. */
export async function lines(method, path, options) {
  const text = await (await send(method, path, options)).text();
  return text.split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

export function queuePath(queue, verb = '') {
  return `/v1/queues/${encodeURIComponent(queue)}${verb}`;
}

/** A message's id goes as a parameter: ids may hold anything, and proxies change paths. */
export function message(method, queue, id, verb = '', query = {}, options = {}) {
  return send(method, queuePath(queue) + '/message' + verb, { query: { id, ...query }, ...options });
}
