import type { Sandbox } from '../../sandbox/index.ts';
import { installationShape } from '../../sandbox/shapes/installation.ts';
import { repositoriesOf } from '../../sandbox/world/access.ts';
import type { Installation } from '../../sandbox/world/types.ts';
import { compareDeliveries, compareJobs } from './mirror/compare-inbox.ts';
import { compareOneRepository, type Permitted } from './mirror/compare-one-repository.ts';
import { compareAccounts, linkedAddresses, storedPeople } from './mirror/compare-people.ts';
import { differencesOf, type Row } from './mirror/difference.ts';
import { expectedRepository, type ExpectedRepository } from './mirror/expected-repository.ts';
import { compareTeamwork } from './mirror/expected-teamwork.ts';
import { rowsByKey, type Query } from './mirror/stored-rows.ts';

/**
 * The referee: whether every row of every table is what the sandbox GitHub itself answers, by the meanings that
 * docs/reference.md gives them. Nothing of the product's code judges here.
 *
 * @returns a readable line for each difference; none when the mirror is true
 */
export async function compareMirror(sandbox: Sandbox, query: Query): Promise<string[]> {
  const { installations, repositories } = sandbox.world.state;
  const context = { world: sandbox.world, api: sandbox.url };
  const lines: string[] = [];
  lines.push(...(await compareInstallations(sandbox, query)));

  const live = [...installations.values()].flatMap((installation) =>
    repositoriesOf(sandbox.world, installation).map((repository) => ({ installation, repository })),
  );
  const stored = await rowsByKey(query, 'select * from repositories', ({ id }) => String(id));
  const liveIds = new Set(live.map(({ repository }) => String(repository.id)));
  // Of a suspended installation nothing can be asked: its repositories are as last known until it returns.
  const isPaused = (row: Row | undefined) =>
    row?.['removed_at'] === null &&
    typeof row['installation_id'] === 'number' &&
    (installations.get(row['installation_id'])?.suspendedAt ?? null) !== null;
  for (const [id, row] of stored) {
    const { removed_at: removedAt, removed_reason: reason } = row;
    if (liveIds.has(id) || isPaused(row)) continue;
    if (removedAt === null) lines.push(`repositories ${id}: is live, but out of the App's reach at GitHub`);
    else if (reason === 'deleted' && repositories.has(Number(id)))
      lines.push(`repositories ${id}: marked as deleted, but GitHub still has it`);
  }

  const compared = live
    .filter(({ installation, repository }) => installation.suspendedAt === null && repository.block === null)
    .map(({ installation, repository }) => ({
      installation,
      repository,
      expected: expectedRepository(sandbox, repository, installation.id),
    }));
  const wanted = new Map<string, Row>(
    compared.map(({ installation, repository, expected }) => [
      String(repository.id),
      standing(expected.repository, installation),
    ]),
  );
  for (const { installation, repository } of live) {
    if (wanted.has(String(repository.id)) || !stored.has(String(repository.id))) continue;
    if (installation.suspendedAt === null)
      wanted.set(String(repository.id), { sync_status: 'error', removed_at: null });
    else if (isPaused(stored.get(String(repository.id))))
      wanted.set(String(repository.id), { sync_status: 'paused' });
  }
  const judged = new Map([...stored].filter(([id]) => wanted.has(id)));
  lines.push(...differencesOf('repositories', wanted, judged));

  const expectations = compared.map(({ installation, expected }) =>
    shownPeople(expected, permitted(installation)),
  );
  const people = { stored: await storedPeople(query), linked: linkedAddresses(expectations) };
  for (const { installation, repository, expected } of compared) {
    const may = permitted(installation);
    lines.push(...(await compareOneRepository(query, context, repository, expected, people, may)));
  }
  const withPulls = compared
    .filter(({ installation, repository }) => permitted(installation).pulls && repository.hasPullRequests)
    .map(({ repository }) => repository);
  lines.push(...(await compareTeamwork((statement) => query(statement), context, withPulls)));
  lines.push(...compareAccounts(expectations, people.stored));
  lines.push(...(await compareDeliveries(sandbox, query)), ...(await compareJobs(query)));
  return lines;
}

/** Without the people whom only kinds of data show that the App may not read. */
function shownPeople(
  expected: ExpectedRepository,
  { contents, issues, pulls }: Permitted,
): ExpectedRepository {
  const itemAuthors = new Map(
    [...expected.itemAuthors].filter(([id]) => (expected.issues.has(String(id)) ? issues : pulls)),
  );
  return { ...expected, itemAuthors, commitAuthors: contents ? expected.commitAuthors : new Map() };
}

/** A repository's row; where a permission is missing, what it would show is left out. */
function standing(row: Row, installation: Installation): Row {
  const { contents, issues, pulls } = permitted(installation);
  const { head_sha: head, ...rest } = row;
  const complete = contents && issues && pulls;
  return {
    ...rest,
    ...(contents ? { head_sha: head } : {}),
    removed_at: null,
    removed_reason: null,
    sync_status: complete ? 'fresh' : 'error',
    ...(complete ? { sync_error: null } : {}),
  };
}

function permitted({ permissions }: Installation): Permitted {
  return {
    contents: permissions['contents'] !== undefined,
    issues: permissions['issues'] !== undefined,
    pulls: permissions['pull_requests'] !== undefined,
  };
}

async function compareInstallations(sandbox: Sandbox, query: Query): Promise<string[]> {
  const context = { world: sandbox.world, api: sandbox.url };
  const expected = new Map<string, Row>();
  for (const installation of sandbox.world.state.installations.values()) {
    const answer = installationShape(context, installation);
    const account = sandbox.world.state.accounts.get(installation.accountId);
    expected.set(String(installation.id), {
      account_id: installation.accountId,
      account_login: account?.login,
      account_type: account?.type,
      repository_selection: answer['repository_selection'],
      permissions: answer['permissions'],
      events: answer['events'],
      suspended_at: answer['suspended_at'],
      created_at: answer['created_at'],
    });
  }
  const stored = await rowsByKey(query, 'select * from installations where deleted_at is null', ({ id }) =>
    String(id),
  );
  return differencesOf('installations', expected, stored);
}
