import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type RawBuilder } from 'kysely';
import { SyncError } from '../../errors.ts';
import type { Account } from '../../model.ts';
import { reassignCommits } from '../commits/write-commits.ts';
import { allowLongStatements } from '../long-statement.ts';
import { inTransaction, type Orm, type Sql } from '../orm.ts';
import { recountContributors } from '../repository-contributors/recount-contributors.ts';
import { describeState, isLockHeld, isReferenceMissing, isRefusedRow } from '../database-errors.ts';
import { halvesOf, nameOf, type AnonymousAuthor, type Evidence, type LearnedEmail } from './evidence.ts';
import type { RefusedRow } from '../rows/upsert-rows.ts';

// Identities are created and merged one transaction at a time: otherwise two processes that meet the same new
// person at once would create two. The number is arbitrary but must be the same everywhere.
const IDENTITY_LOCK = 4_410_273_665;

/**
 * How long a merge waits for a repository that is being written before it is postponed, and how often it
 * checks.
 */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 200;

/** One at a time per process, so that waiting for the lock does not occupy all connections of the pool. */
const turns = new WeakMap<Orm, Promise<unknown>>();

/**
 * Adds new evidence about people to `contributors` and `contributor_emails`. If the address of an anonymous
 * contributor turns out to belong to an account, the two are merged everywhere.
 *
 * @returns the people and addresses that PostgreSQL rejects: they are left out, found by bisection
 * @throws SyncError LEASE_BUSY if a repository concerned is being written for too long
 */
export async function learnIdentities(orm: Orm, evidence: Evidence): Promise<RefusedRow[]> {
  try {
    await learnInTurn(orm, evidence);
    return [];
  } catch (error) {
    if (!isRefusedRow(error)) throw error;
    const halves = halvesOf(evidence);
    if (halves === null) return [{ ...nameOf(evidence), state: describeState(error) ?? '' }];
    const refused: RefusedRow[] = [];
    for (const half of halves) refused.push(...(await learnIdentities(orm, half)));
    return refused;
  }
}

async function learnInTurn(orm: Orm, evidence: Evidence): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (let attempt = 1; ; attempt += 1) {
    const turn = (turns.get(orm) ?? Promise.resolve()).then(
      () => learnOnce(orm, evidence),
      () => learnOnce(orm, evidence),
    );
    turns.set(orm, turn);
    try {
      await turn;
      return;
    } catch (error) {
      // A commit of the anonymous author was being written meanwhile: the merge starts over and includes it.
      if (isReferenceMissing(error) && attempt < 5) continue;
      if (!isLockHeld(error)) throw error;
      if (Date.now() > giveUpAt) {
        throw new SyncError('LEASE_BUSY', 'a repository of the same person is being written', {
          cause: error,
          retryAfterMs: 2000,
        });
      }
      // No lock is held meanwhile, so others can be added.
      await sleep(PAUSE_MS * (0.5 + Math.random()));
    }
  }
}

async function learnOnce(orm: Orm, evidence: Evidence): Promise<void> {
  await inTransaction(orm, async (tx) => {
    await sql`select pg_advisory_xact_lock(${IDENTITY_LOCK})`.execute(tx);
    await saveAccounts(tx, evidence.accounts, evidence.asOf);
    const emails = [...evidence.emails, ...(await unclaimedNoreply(tx, evidence.accounts))];
    for (const { anonymousId, contributorId } of await claimEmails(tx, emails)) {
      await allowLongStatements(tx, () => join(tx, anonymousId, contributorId));
    }
    await saveAnonymous(tx, evidence.anonymous);
  });
}

async function saveAccounts(tx: Sql, accounts: readonly Account[], asOf: string): Promise<void> {
  if (accounts.length === 0) return;
  await sql`
    insert into contributors as c (github_id, login, type, avatar_url, profile_at)
    select distinct on (github_id) github_id, login, type, avatar_url, ${asOf}::timestamptz
    from json_to_recordset(${JSON.stringify(accounts)}::json)
      as r(github_id bigint, login text, type text, avatar_url text)
    order by github_id
    on conflict (github_id) do update
      set login = excluded.login, type = excluded.type,
          avatar_url = coalesce(excluded.avatar_url, c.avatar_url), profile_at = excluded.profile_at
      where c.profile_at <= excluded.profile_at
        and (c.login, c.type, c.avatar_url)
          is distinct from (excluded.login, excluded.type, coalesce(excluded.avatar_url, c.avatar_url))`.execute(
    tx,
  );
}

/**
 * Old noreply addresses (`LOGIN@…`) that belong to an anonymous contributor although an account with that login
 * is known.
 */
async function unclaimedNoreply(tx: Sql, accounts: readonly Account[]): Promise<LearnedEmail[]> {
  if (accounts.length === 0) return [];
  const addresses = accounts.map(({ login, github_id }) => ({
    email: `${login.toLowerCase()}@users.noreply.github.com`,
    github_id,
  }));
  const { rows } = await sql<LearnedEmail>`
    select r.email, r.github_id as "githubId", c.name
    from json_to_recordset(${JSON.stringify(addresses)}::json) as r(email text, github_id bigint)
    join contributor_emails e on e.email = r.email
    join contributors c on c.id = e.contributor_id and c.type = 'Anonymous'`.execute(tx);
  return rows;
}

/** Assigns addresses to their accounts; returns the anonymous contributors that owned some of them before. */
async function claimEmails(
  tx: Sql,
  emails: readonly LearnedEmail[],
): Promise<{ anonymousId: number; contributorId: number }[]> {
  if (emails.length === 0) return [];
  const learned = JSON.stringify(
    emails.map(({ email, githubId, name }) => ({ email, github_id: githubId, name })),
  );
  const former = await sql<{ anonymousId: number; contributorId: number }>`
    select distinct c.id as "anonymousId", k.id as "contributorId"
    from json_to_recordset(${learned}::json) as r(email text, github_id bigint)
    join contributors k on k.github_id = r.github_id
    join contributor_emails e on e.email = r.email and e.contributor_id <> k.id
    join contributors c on c.id = e.contributor_id and c.type = 'Anonymous'`.execute(tx);
  await sql`
    update contributor_emails e set contributor_id = k.id
    from json_to_recordset(${learned}::json) as r(email text, github_id bigint)
    join contributors k on k.github_id = r.github_id
    where e.email = r.email and e.contributor_id <> k.id`.execute(tx);
  await insertEmails(
    tx,
    sql`select distinct on (r.email) r.email, k.id
      from json_to_recordset(${learned}::json) as r(email text, github_id bigint)
      join contributors k on k.github_id = r.github_id
      where not exists (select 1 from contributor_emails e where e.email = r.email)
      order by r.email, k.id desc`,
  );
  // What is unknown about a person is taken from the commits.
  await sql`
    update contributors c set name = coalesce(c.name, r.name), email = coalesce(c.email, r.email)
    from (
      select distinct on (github_id) github_id, name, email
      from json_to_recordset(${learned}::json) as x(email text, github_id bigint, name text) order by github_id, email
    ) r
    where c.github_id = r.github_id and (c.name is null and r.name is not null or c.email is null)`.execute(
    tx,
  );
  return former.rows;
}

async function saveAnonymous(tx: Sql, anonymous: readonly AnonymousAuthor[]): Promise<void> {
  if (anonymous.length === 0) return;
  const made = sql`
    with given as (
      select distinct on (email) email, name
      from json_to_recordset(${JSON.stringify(anonymous)}::json) as r(email text, name text) order by email, name
    ), made as (
      insert into contributors (type, email, name)
      select 'Anonymous', email, name from given
      where not exists (select 1 from contributor_emails e where e.email = given.email)
      returning id, email
    )
    select email, id from made`;
  await insertEmails(tx, made);
}

/** The longest address that an index can hold; longer ones have their own table (decision 11). */
const INDEXED_BYTES = 2000;

function isLong({ email }: { email: string }): boolean {
  return Buffer.byteLength(email) > INDEXED_BYTES;
}

/** Inserts addresses that are new, which the lock on identities guarantees. `rows` selects `email, id`. */
async function insertEmails(tx: Sql, rows: RawBuilder<unknown>): Promise<void> {
  const { rows: owned } = await sql<{ email: string; id: number }>`${rows}`.execute(tx);
  for (const [table, part] of [
    ['contributor_emails', owned.filter((one) => !isLong(one))],
    ['contributor_emails_long', owned.filter(isLong)],
  ] as const) {
    if (part.length === 0) continue;
    await sql`insert into ${sql.table(table)} (email, contributor_id)
      select email, id from json_to_recordset(${JSON.stringify(part)}::json) as r(email text, id bigint)`.execute(
      tx,
    );
  }
}

/**
 * Reassigns everything of the anonymous contributor to the account. The repositories concerned are locked like
 * by a writer, even by one that has only locked its commits so far (`for key share`), so that their counts do
 * not include half of the commits. It does not wait for a repository, because everybody else who adds people
 * would wait too.
 */
async function join(tx: Sql, anonymousId: number, contributorId: number): Promise<void> {
  const concerned = await sql<{ id: number }>`
    select repository_id as id from repository_sync
    where repository_id in (select distinct repository_id from commits where author_id = ${anonymousId})
    order by repository_id for update nowait`.execute(tx);
  await reassignCommits(tx, anonymousId, contributorId);
  for (const { id } of concerned.rows) await recountContributors(tx, id, [anonymousId, contributorId]);
  await sql`update contributor_emails set contributor_id = ${contributorId}
    where contributor_id = ${anonymousId}`.execute(tx);
  await sql`update contributors c set name = coalesce(c.name, a.name), email = coalesce(c.email, a.email)
    from contributors a where a.id = ${anonymousId} and c.id = ${contributorId}`.execute(tx);
  await sql`delete from contributors where id = ${anonymousId}`.execute(tx);
}
