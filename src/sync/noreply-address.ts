/** An address that GitHub made for an account that hides its own. */
export interface NoreplyAddress {
  /** null in the form that accounts before 2017-07-18 have */
  githubId: number | null;
  login: string;
}

/**
 * `ID+LOGIN@users.noreply.github.com`, or the older `LOGIN@users.noreply.github.com`. The id stays true when
 * the account is renamed, the login does not
 * (https://docs.github.com/account-and-profile/reference/email-addresses-reference).
 */
export function parseNoreply(email: string): NoreplyAddress | null {
  const match = /^(?:(\d{1,15})\+)?([^@+\s]+)@users\.noreply\.github\.com$/i.exec(email.trim());
  if (!match?.[2]) return null;
  return { githubId: match[1] === undefined ? null : Number(match[1]), login: match[2] };
}
