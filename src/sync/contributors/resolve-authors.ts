import type { Account, CommitRow } from '../../model.ts';
import type { Orm } from '../../db/orm.ts';
import { accountsByLogin, emailOwners, knownAccounts } from '../../db/contributors/known-people.ts';
import type { AnonymousAuthor, LearnedEmail } from '../../db/contributors/evidence.ts';
import { learnIdentities } from '../../db/contributors/identities.ts';
import type { RefusedRow } from '../../db/rows/upsert-rows.ts';
import type { StoredCommit } from '../../db/commits/write-commits.ts';
import { parseNoreply } from './noreply-address.ts';

/** Older than any answer, so that every account shown by GitHub overrides the login from an e-mail address. */
const OLDEST = new Date(0).toISOString();

/**
 * The author of each commit: the account that GitHub links, else the account of a noreply address, else the
 * known owner of the address, else an anonymous contributor for that address; nobody without an address.
 *
 * @param asOf when GitHub answered with these commits
 * @param noreplyHost of the GitHub that answered; github.com's by default
 * @param refused receives the people that PostgreSQL rejects: their commits have no author
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
  const evidence = evidenceIn(commits, owners, byLogin, noreplyHost);
  const guessed = await knownAccounts(orm, evidence.guessed);
  const guesses = guessed.changed.filter(
    ({ github_id }) => !guessed.ids.has(github_id) && !known.ids.has(github_id),
  );
  const shown = { accounts: known.changed, emails: evidence.emails, anonymous: evidence.anonymous };
  const isNew = Object.values(shown).some(({ length }) => length > 0);
  if (guesses.length > 0)
    refused.push(
      ...(await learnIdentities(orm, { accounts: guesses, asOf: OLDEST, emails: [], anonymous: [] })),
    );
  if (isNew) refused.push(...(await learnIdentities(orm, { ...shown, asOf })));

  const nothingLearned = guesses.length === 0 && !isNew;
  const [accountIds, ownerIds] = nothingLearned
    ? [new Map([...known.ids, ...guessed.ids]), owners]
    : await Promise.all([
        knownAccounts(orm, [...linked, ...evidence.guessed]).then(({ ids }) => ids),
        emailOwners(orm, emails),
      ]);
  return commits.map((commit) => storedCommit(commit, authorId(commit, accountIds, ownerIds, noreplyHost)));
}

type EmailOwners = Awaited<ReturnType<typeof emailOwners>>;

interface CommitEvidence {
  /** new owners of addresses */
  emails: LearnedEmail[];
  /** accounts known only from an address */
  guessed: Account[];
  anonymous: AnonymousAuthor[];
}

/** What the commits say about people, besides the accounts that GitHub links. */
function evidenceIn(
  commits: readonly CommitRow[],
  owners: EmailOwners,
  byLogin: ReadonlyMap<string, number>,
  noreplyHost: RegExp | undefined,
): CommitEvidence {
  const learned = new Map<string, LearnedEmail>();
  const guessed = new Map<number, Account>();
  const anonymous = new Map<string, AnonymousAuthor>();
  const githubIdOf = (commit: CommitRow, email: string): number | null => {
    if (commit.author) return commit.author.github_id;
    const noreply = parseNoreply(email, noreplyHost);
    if (noreply?.githubId != null) {
      guessed.set(noreply.githubId, accountOf(noreply.githubId, noreply.login));
      return noreply.githubId;
    }
    // A linked address keeps its owner, even if somebody else has that login today.
    const owner = owners.get(email);
    if (owner?.githubId != null || noreply === null) return owner?.githubId ?? null;
    return byLogin.get(noreply.login.toLowerCase()) ?? null;
  };
  for (const commit of commits) {
    const email = addressOf(commit);
    if (email === null) continue;
    const githubId = githubIdOf(commit, email);
    if (githubId !== null) learned.set(email, { email, githubId, name: commit.author_name });
  }
  for (const commit of commits) {
    const email = addressOf(commit);
    if (email !== null && !learned.has(email) && !owners.has(email)) {
      anonymous.set(email, { email, name: commit.author_name });
    }
  }
  return {
    emails: [...learned.values()].filter(({ email, githubId }) => owners.get(email)?.githubId !== githubId),
    guessed: [...guessed.values()],
    anonymous: [...anonymous.values()],
  };
}

function authorId(
  commit: CommitRow,
  accountIds: ReadonlyMap<number, number>,
  owners: EmailOwners,
  noreplyHost: RegExp | undefined,
): number | null {
  const email = addressOf(commit);
  const account =
    commit.author?.github_id ??
    (email === null ? null : (parseNoreply(email, noreplyHost)?.githubId ?? null));
  const byAccount = account === null ? undefined : accountIds.get(account);
  return byAccount ?? (email === null ? null : (owners.get(email)?.id ?? null));
}

/** Written out field by field: there are thousands, and deleting a field from a copy is ten times as slow. */
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
