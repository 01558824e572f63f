/** Clocks differ by minutes. */
const AHEAD_MS = 86_400_000;

/**
 * Whether a time is more than a day after `now`, whatever it belongs to. Such a time cannot be used for
 * ordering: everything later would count as older. GitHub is asked instead, and a stored row with such a time
 * is replaced by any other state.
 *
 * @param time from a payload or a row; null or none is not in the future
 */
export function isAhead(time: unknown, now: number = Date.now()): boolean {
  return typeof time === 'string' && Date.parse(time) > now + AHEAD_MS;
}
