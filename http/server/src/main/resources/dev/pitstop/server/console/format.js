// Numbers, times and sizes as people read them. "Now" is the store's, not the browser's.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

export const clock = {
  ahead: 0, // how far the store's clock is ahead of the browser's, in milliseconds
  zone: browserZone,
  heard(asOf) {
    if (asOf) {
      this.ahead = Date.parse(asOf) - Date.now();
    }
  },
};

export function now() {
  return Date.now() + clock.ahead;
}

const grouped = new Intl.NumberFormat('en-GB');
// American, for "M": a British million is an "m", which reads as minutes
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** A plain number, or {value, relation, asOf}: 1,204 · ≥10,000 · ≈4.2M, 38s ago. */
export function count(number) {
  if (number === null || number === undefined) {
    return '–';
  }
  if (typeof number !== 'object') {
    return grouped.format(number);
  }
  if (number.relation === 'at-least') {
    return '≥' + grouped.format(number.value);
  }
  if (number.relation === 'estimate') {
    const age = number.asOf ? ', ' + length(now() - Date.parse(number.asOf)) + ' ago' : '';
    return '≈' + short.format(number.value) + age;
  }
  return grouped.format(number.value);
}

/** The value of a plain number or of {value, relation}. */
export function value(number) {
  return typeof number === 'object' && number !== null ? number.value : (number ?? 0);
}

export function rate(perSecond) {
  if (perSecond === null || perSecond === undefined) {
    return '–';
  }
  const digits = perSecond >= 10 || perSecond === 0 ? 0 : 1;
  return perSecond.toLocaleString('en-GB', { maximumFractionDigits: digits });
}

/** A length of time, rounded to one unit. */
export function length(millis) {
  const seconds = Math.round(Math.abs(millis) / SECOND);
  if (seconds < 100) return seconds + ' s';
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return minutes + ' min';
  const hours = Math.round(seconds / 3600);
  if (hours < 48) return hours + ' h';
  const days = Math.round(seconds / 86400);
  return days < 1000 ? days + ' d' : Math.round(days / 365.2425) + ' y';
}

/** How far an instant is from now: in 4 min, 3 h ago, now. */
export function distance(millis) {
  const away = millis - now();
  if (Math.abs(away) < SECOND / 2) return 'now';
  return away < 0 ? length(away) + ' ago' : 'in ' + length(away);
}

const formats = new Map();

function format(zone, options) {
  const key = zone + Object.keys(options);
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat('en-GB', { timeZone: known(zone), hourCycle: 'h23', ...options }));
  }
  return formats.get(key);
}

/** The zone if the browser knows it; in its place the one that times are shown in. */
function known(zone) {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: zone });
    return zone;
  } catch {
    return clock.zone;
  }
}

const ALL = {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
};
const MOST_KEPT = 5_000;
const kept = new Map(); // pages are rendered each second, with the same instants

/** What the clocks and calendars of a zone show at an instant. */
function shown(millis, zone) {
  const key = zone + ' ' + Math.floor(millis / SECOND);
  let parts = kept.get(key);
  if (!parts) {
    parts = Object.fromEntries(format(zone, ALL).formatToParts(millis).map((part) => [part.type, part.value]));
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, parts);
  }
  return parts;
}

export function date(millis, zone = clock.zone) {
  const { weekday, day, month, year } = shown(millis, zone);
  const thisYear = shown(Math.floor(now() / HOUR) * HOUR, zone).year;
  return `${weekday} ${day} ${month}${year === thisYear ? '' : ' ' + year}`;
}

/** Hours, minutes and seconds. */
function fullTime(millis, zone) {
  const { hour, minute, second } = shown(millis, zone);
  return `${hour}:${minute}:${second}`;
}

/** Hours and minutes, and seconds where there are some. */
export function time(millis, zone = clock.zone) {
  return millis % MINUTE === 0 ? fullTime(millis, zone).slice(0, -3) : fullTime(millis, zone);
}

export function zoneName(millis = now(), zone = clock.zone) {
  return shown(millis, zone).timeZoneName;
}

/** Wed 25 Nov 14:32:10 CET */
export function absolute(millis, zone = clock.zone) {
  return `${date(millis, zone)} ${fullTime(millis, zone)} ${zoneName(millis, zone)}`;
}

/** In words and absolute; beyond two days the absolute comes first. */
export function when(millis, zone = clock.zone) {
  const far = Math.abs(millis - now()) > 2 * DAY;
  const words = distance(millis);
  const day = date(millis, zone) === date(now(), zone) ? '' : date(millis, zone) + ' ';
  const at = day + fullTime(millis, zone) + ' ' + zoneName(millis, zone);
  return far ? [at, words] : [words, at];
}

/** When an hour begins on the day of an instant in a zone, or some days later. */
export function dayStart(millis, zone, plusDays = 0, hour = 0) {
  const [y, m, d] = localParts(millis, zone);
  return fromLocal([y, m, d + plusDays, hour, 0], zone);
}

const NUMBERS = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' };

function localParts(millis, zone) {
  const parts = Object.fromEntries(format(zone, NUMBERS).formatToParts(millis).map((part) => [part.type, Number(part.value)]));
  return [parts.year, parts.month, parts.day, parts.hour, parts.minute];
}

/**
 * The instant at which the clocks of a zone show a local time: the first of two, and for one that
 * is skipped as much later as the clocks skip.
 */
export function fromLocal([y, m, d, hour, minute], zone) {
  const wanted = Date.UTC(y, m - 1, d, hour, minute);
  const off = (millis) => {
    const [sy, sm, sd, sh, smin] = localParts(millis, zone);
    return wanted - Date.UTC(sy, sm - 1, sd, sh, smin);
  };
  let guess = wanted;
  let before = wanted;
  for (let i = 0; i < 4; i++) {
    const by = off(guess);
    if (by === 0) {
      return [60, 30].map((repeated) => guess - repeated * MINUTE).find((earlier) => off(earlier) === 0) ?? guess;
    }
    before = guess;
    guess += by;
  }
  return Math.max(before, guess);
}

/** A local time as inputs of type datetime-local have it. */
export function localInput(millis, zone = clock.zone) {
  const [y, m, d, hour, minute] = localParts(millis, zone);
  const two = (n) => String(n).padStart(2, '0');
  return `${y}-${two(m)}-${two(d)}T${two(hour)}:${two(minute)}`;
}

/** The instant of what such an input holds; NaN when it holds none. */
export function ofLocalInput(text, zone = clock.zone) {
  const match = /^(\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text);
  return match ? fromLocal(match.slice(1).map(Number), zone) : NaN;
}

export function iso(millis) {
  return new Date(millis).toISOString();
}

export function bytes(number) {
  if (number < 1024) return number + ' B';
  if (number < 1024 * 1024) return (number / 1024).toFixed(1) + ' KiB';
  return (number / 1024 / 1024).toFixed(1) + ' MiB';
}

export function plural(number, one, many = one + 's') {
  return `${count(number)} ${value(number) === 1 ? one : many}`;
}
