/** An address that GitHub generated for an account that hides its own. */
export interface NoreplyAddress {
  /** null in the form of accounts from before 2017-07-18 */
  githubId: number | null;
  login: string;
}

/** github.com's own. */
const GITHUB_NOREPLY = /^users\.noreply\.github\.com$/i;

/**
 * `ID+LOGIN@users.noreply.github.com`, or the older `LOGIN@users.noreply.github.com`. The id remains valid when
 * the account is renamed, the login does not
 * (https://docs.github.com/account-and-profile/reference/email-addresses-reference).
 *
 * @param host matches the noreply host of the mirrored GitHub: ids of another one belong to other people
 */
export function parseNoreply(email: string, host: RegExp = GITHUB_NOREPLY): NoreplyAddress | null {
  const match = /^(?:(\d{1,15})\+)?([^@+\s]+)@([^@\s]+)$/i.exec(email.trim());
  if (!match?.[2] || !host.test(match[3] ?? '')) return null;
  return { githubId: match[1] === undefined ? null : Number(match[1]), login: match[2] };
}
