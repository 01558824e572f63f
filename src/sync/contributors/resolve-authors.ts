import type { Account, CommitRow } from '../../model.ts';
import type { Orm } from '../../db/orm.ts';
import { accountsByLogin, emailOwners, knownAccounts } from '../../db/contributors/known-people.ts';
import type { AnonymousAuthor, LearnedEmail } from '../../db/contributors/evidence.ts';
import { learnIdentities } from '../../db/contributors/identities.ts';
import type { RefusedRow } from '../../db/rows/upsert-rows.ts';
import type { StoredCommit } from '../../db/commits/write-commits.ts';
import { parseNoreply } from './noreply-address.ts';

/** Older than any answer: what an e-mail address tells of a login gives way to every account shown. */
const OLDEST = new Date(0).toISOString();

/**
 * Who wrote each commit: the account that GitHub links, else the account of a noreply address, else the known
 * owner of the address, else an anonymous contributor of that address; nobody without an address.
 *
 * @param asOf when GitHub answered with these commits
 * @param noreplyHost of the GitHub that answered; github.com's unless given
 * @param refused takes the people whom PostgreSQL does not hold: their commits are nobody's
 */
export async function resolveAuthors(
  orm: Orm,
  commits: readonly (CommitRow & { repository_id: number })[],
  asOf: string,
  noreplyHost?: RegExp,
  refused: RefusedRow[] = [],
): Promise<StoredCommit[]> {
  const linked = commits.flatMap((commit) => (commit.author ? [commit.author] : []));
  const emails = [...new Set(commits.map(addressOf).filter((email) => email !== null))];
  const [known, owners, byLogin] = await Promise.all([
    knownAccounts(orm, linked),
    emailOwners(orm, emails),
    accountsByLogin(orm, loginsOf(emails, noreplyHost)),
  ]);

  const learned = new Map<string, LearnedEmail>();
  const guessed = new Map<number, Account>();
  const anonymous = new Map<string, AnonymousAuthor>();
  const githubIdOf = (commit: CommitRow): number | null => {
    if (commit.author) return commit.author.github_id;
    const email = addressOf(commit);
    const noreply = email === null ? null : parseNoreply(email, noreplyHost);
    if (noreply?.githubId != null) {
      guessed.set(noreply.githubId, accountOf(noreply.githubId, noreply.login));
      return noreply.githubId;
    }
    // An address once linked stays its owner's, also when somebody else bears that login today.
    const owner = email === null ? undefined : owners.get(email);
    if (owner?.githubId != null || noreply === null) return owner?.githubId ?? null;
    return byLogin.get(noreply.login.toLowerCase()) ?? null;
  };
  for (const commit of commits) {
    const email = addressOf(commit);
    if (email === null) continue;
    const githubId = githubIdOf(commit);
    if (githubId !== null) learned.set(email, { email, githubId, name: commit.author_name });
  }
  for (const commit of commits) {
    const email = addressOf(commit);
    if (email !== null && !learned.has(email) && !owners.has(email)) {
      anonymous.set(email, { email, name: commit.author_name });
    }
  }

  const newEmails = [...learned.values()].filter(
    ({ email, githubId }) => owners.get(email)?.githubId !== githubId,
  );
  const { ids: guessedIds, changed } = await knownAccounts(orm, [...guessed.values()]);
  const guesses = changed.filter(({ github_id }) => !guessedIds.has(github_id) && !known.ids.has(github_id));
  const isNew = known.changed.length + newEmails.length + anonymous.size > 0;
  if (guesses.length > 0)
    refused.push(
      ...(await learnIdentities(orm, { accounts: guesses, asOf: OLDEST, emails: [], anonymous: [] })),
    );
  if (isNew) {
    const evidence = { accounts: known.changed, asOf, emails: newEmails, anonymous: [...anonymous.values()] };
    refused.push(...(await learnIdentities(orm, evidence)));
  }

  const nothingLearned = guesses.length === 0 && !isNew;
  const [accountIds, ownerIds] = nothingLearned
    ? [new Map([...known.ids, ...guessedIds]), owners]
    : await Promise.all([
        knownAccounts(orm, [...linked, ...guessed.values()]).then(({ ids }) => ids),
        emailOwners(orm, emails),
      ]);
  return commits.map((commit) => {
    const email = addressOf(commit);
    const account =
      commit.author?.github_id ??
      (email === null ? null : (parseNoreply(email, noreplyHost)?.githubId ?? null));
    const authorId =
      (account === null ? undefined : accountIds.get(account)) ??
      (email === null ? null : ownerIds.get(email)?.id);
    return storedCommit(commit, authorId ?? null);
  });
}

/** Spelled out: thousands at once, and taking a field out of a copy costs ten times as much. */
function storedCommit(commit: CommitRow & { repository_id: number }, author_id: number | null): StoredCommit {
  return {
    repository_id: commit.repository_id,
    sha: commit.sha,
    message: commit.message,
    author_name: commit.author_name,
    author_email: commit.author_email,
    author_id,
    committer_name: commit.committer_name,
    committer_email: commit.committer_email,
    authored_at: commit.authored_at,
    committed_at: commit.committed_at,
    parents: commit.parents,
  };
}

/** The contributor ids of the authors of issues and pull requests, whose accounts GitHub always shows. */
export async function resolveAccounts(
  orm: Orm,
  accounts: readonly (Account | null)[],
  asOf: string,
  refused: RefusedRow[],
): Promise<Map<number, number>> {
  const given = accounts.filter((account) => account !== null);
  const known = await knownAccounts(orm, given);
  if (known.changed.length === 0) return known.ids;
  refused.push(...(await learnIdentities(orm, { accounts: known.changed, asOf, emails: [], anonymous: [] })));
  return (await knownAccounts(orm, given)).ids;
}

function addressOf(commit: CommitRow): string | null {
  const email = commit.author_email?.trim().toLowerCase();
  return email === undefined || email === '' ? null : email;
}

function loginsOf(emails: readonly string[], noreplyHost?: RegExp): string[] {
  return emails.flatMap((email) => {
    const noreply = parseNoreply(email, noreplyHost);
    return noreply?.githubId === null ? [noreply.login.toLowerCase()] : [];
  });
}

function accountOf(githubId: number, login: string): Account {
  return { github_id: githubId, login, type: login.endsWith('[bot]') ? 'Bot' : 'User', avatar_url: null };
}
