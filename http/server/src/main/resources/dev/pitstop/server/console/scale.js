// Where things lie in the timeline: instants along it, numbers up it, and the marks of its axis.

import { clock, date, dayStart, time } from './format.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const BUCKETS = [
  ['10s', 10 * SECOND],
  ['1m', MINUTE],
  ['5m', 5 * MINUTE],
  ['15m', 15 * MINUTE],
  ['1h', HOUR],
  ['6h', 6 * HOUR],
  ['1d', DAY],
];

export const PRESETS = { '1h': HOUR, '24h': DAY, '7d': 7 * DAY, '30d': 30 * DAY };

const NARROWEST = 5 * MINUTE;
const WIDEST = 120 * DAY;
const TICKS = [10 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY];
const NOW_AT = 0.4;

/** What is shown around now, of a length. */
export function aroundNow(span, now) {
  return { from: now - span * NOW_AT, to: now + span * (1 - NOW_AT) };
}

/** The same part of time made longer or shorter around its middle, within bounds. */
export function zoomed({ from, to }, factor) {
  const middle = (from + to) / 2;
  const half = Math.min(WIDEST, Math.max(NARROWEST, (to - from) * factor)) / 2;
  return { from: middle - half, to: middle + half };
}

/** The shortest buckets of which there are not more than a number. */
export function bucketFor(span, most) {
  return BUCKETS.find(([, millis]) => span / millis <= most) ?? BUCKETS.at(-1);
}

/** Heights of numbers: zero is zero, one can be seen, and few show beside many. */
export function heights(most, pixels, linear) {
  const of = linear ? (value) => value : (value) => Math.asinh(value);
  const top = of(Math.max(most, 1));
  return (value) => (value <= 0 ? 0 : Math.max(2, (of(value) / top) * pixels));
}

/** The marks of the axis: instants at round local times, and what stands at them. */
export function ticks(from, to, width) {
  const most = Math.max(2, Math.floor(width / 84));
  const step = TICKS.find((each) => (to - from) / each <= most) ?? TICKS.at(-1);
  const marks = [];
  for (let day = 0; day < 400; day++) {
    const start = dayStart(from, clock.zone, day);
    if (start > to) break;
    if (step >= DAY) {
      const number = Math.round(start / DAY);
      if (start >= from && number % Math.round(step / DAY) === 0) marks.push({ at: start, text: date(start) });
      continue;
    }
    const end = dayStart(from, clock.zone, day + 1);
    const first = start >= from ? start : start + Math.ceil((from - start) / step) * step;
    for (let at = first; at < Math.min(end, to); at += step) {
      marks.push({ at, text: at === start ? date(at) : time(at) });
    }
  }
  return marks;
}
