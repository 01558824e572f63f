/** The year GitHub started: nothing there is older. */
export const GITHUB_BEGAN = Date.parse('2008-01-01T00:00:00Z');

/**
 * Whether a bound of a list of changes excludes nothing. Such a one is not sent: GitHub answers `[]` to
 * `since=1970-01-01T00:00:00Z` (grimoirelab-perceval#865).
 */
export function isNoBound(since: string): boolean {
  return !(Date.parse(since) > GITHUB_BEGAN);
}
