/** A clock that runs only while people work: ten hours a day, five days a week. */
const HOUR = 3600;
const DAY = 24 * HOUR;
const WORKDAY = 10 * HOUR;
const STARTS = 8 * HOUR;

/** A Monday, from which all is counted. */
const MONDAY = 4 * DAY;

/** Weeks of work, in seconds of working time. */
export function workWeeks(weeks: number): number {
  return weeks * 5 * WORKDAY;
}

/** Hours of work, in seconds of working time. */
export function workHours(hours: number): number {
  return Math.round(hours * HOUR);
}

/** Epoch seconds as seconds of work: nights and weekends do not count. */
export function toWork(seconds: number): number {
  const days = Math.floor((seconds - MONDAY) / DAY);
  const weeks = Math.floor(days / 7);
  const weekday = days - 7 * weeks;
  if (weekday >= 5) return (weeks + 1) * 5 * WORKDAY;
  const ofDay = seconds - MONDAY - days * DAY - STARTS;
  return (weeks * 5 + weekday) * WORKDAY + Math.min(WORKDAY, Math.max(0, ofDay));
}

/** The reverse: when this many seconds of work are over. */
export function fromWork(work: number): number {
  const days = Math.floor(work / WORKDAY);
  const weeks = Math.floor(days / 5);
  return MONDAY + (weeks * 7 + days - weeks * 5) * DAY + STARTS + (work - days * WORKDAY);
}
