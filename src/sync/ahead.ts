/** Clocks differ by minutes. */
const AHEAD_MS = 86_400_000;

/**
 * Whether something claims to have changed more than a day after `now`, whatever its kind. Such a time orders nothing: all
 * that comes later would be older. GitHub is asked instead, and what is stored with one gives way to any other.
 *
 * @param time what a payload or a row shows; null or none is no claim
 */
export function isAhead(time: unknown, now: number = Date.now()): boolean {
  return typeof time === 'string' && Date.parse(time) > now + AHEAD_MS;
}
