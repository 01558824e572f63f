import type { Sandbox } from '../../sandbox/index.ts';
import { installationShape } from '../../sandbox/resources/installations/installation-shape.ts';
import { repositoriesOf } from '../../sandbox/world/access.ts';
import type { Installation } from '../../sandbox/world/types.ts';
import { compareCounts } from './mirror/compare-counts.ts';
import { compareFigures } from './mirror/compare-figures.ts';
import { compareFirstReviews } from './mirror/compare-first-reviews.ts';
import { compareDeliveries, compareJobs } from './mirror/compare-inbox.ts';
import { byKey, compareOneRepository, type Leniency } from './mirror/compare-one-repository.ts';
import { compareAccounts, linkedAddresses, storedPeople } from './mirror/compare-people.ts';
import { differencesOf, type Row } from './mirror/difference.ts';
import { expectedRepository, type ExpectedRepository } from './mirror/expected-repository.ts';
import { permitted, type Permitted } from './mirror/permitted.ts';
import {
  createRowsOf,
  readStoredRows,
  type Query,
  type StoredRows,
  type StoredTable,
} from './mirror/stored-rows.ts';

/**
 * The oracle: whether every row of every table is what the sandbox GitHub itself answers, by the meanings that
 * docs/reference.md gives them, every delivery processed and every job ended. Nothing of the product's code judges here.
 *
 * @returns a readable line for each difference, its table first; none if the mirror is right
 */
export async function compareMirror(sandbox: Sandbox, query: Query): Promise<string[]> {
  return compareStored(sandbox, await readStoredRows(query));
}

/** As `compareMirror`, of rows that were read. */
export function compareStored(
  sandbox: Sandbox,
  stored: StoredRows,
  leniency: Leniency = { unshown: false },
): string[] {
  return [
    ...compareRows(sandbox, stored, leniency),
    ...compareDeliveries(sandbox, stored),
    ...compareJobs(stored),
  ];
}

/** Of `compareStored`, what is not about deliveries and jobs. */
export function compareRows(sandbox: Sandbox, stored: StoredRows, leniency: Leniency): string[] {
  const { installations, repositories } = sandbox.world.state;
  const context = { world: sandbox.world, api: sandbox.url };
  const lines = compareInstallations(sandbox, stored);

  const live = [...installations.values()].flatMap((installation) =>
    repositoriesOf(sandbox.world, installation).map((repository) => ({ installation, repository })),
  );
  const rows = byKey(stored('repositories'), 'id');
  const liveIds = new Set(live.map(({ repository }) => String(repository.id)));
  // Of a suspended installation nothing can be asked: its repositories are as last known until it returns.
  const isPaused = (row: Row | undefined) =>
    row?.['removed_at'] === null &&
    typeof row['installation_id'] === 'number' &&
    (installations.get(row['installation_id'])?.suspendedAt ?? null) !== null;
  for (const [id, row] of rows) {
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
  const expectedRows = new Map<string, Row>(
    compared.map(({ installation, repository, expected }) => [
      String(repository.id),
      withStatus(expected.repository, installation),
    ]),
  );
  for (const { installation, repository } of live) {
    const row = rows.get(String(repository.id));
    if (expectedRows.has(String(repository.id)) || row === undefined) continue;
    if (installation.suspendedAt === null)
      expectedRows.set(String(repository.id), { sync_status: 'error', removed_at: null });
    else if (isPaused(row)) expectedRows.set(String(repository.id), { sync_status: 'paused' });
  }
  const judged = new Map([...rows].filter(([id]) => expectedRows.has(id)));
  lines.push(...differencesOf('repositories', expectedRows, judged));

  const expectations = compared.map(({ installation, expected }) =>
    shownPeople(expected, permitted(installation)),
  );
  const people = { stored: storedPeople(stored), linked: linkedAddresses(expectations) };
  const rowsOf = createRowsOf(stored);
  for (const { installation, repository, expected } of compared) {
    const of = (table: StoredTable) => rowsOf(table, repository.id);
    const one = { context, repository, expected, permitted: permitted(installation), stored: of, people };
    lines.push(...compareOneRepository(one, leniency));
  }
  return [
    ...lines,
    ...compareAccounts(expectations, people.stored),
    ...compareCounts(stored),
    ...compareFirstReviews(stored),
    ...compareFigures(stored),
  ];
}

/** Without the people whom only kinds of data show that the App may not read, or that are switched off. */
function shownPeople(expected: ExpectedRepository, may: Permitted): ExpectedRepository {
  const { has_issues: hasIssues, has_pull_requests: hasPulls } = expected.repository;
  const areIssuesShown = may.has('issues') && hasIssues === true;
  const arePullsShown = may.has('pull_requests') && hasPulls === true;
  const itemAuthors = new Map(
    [...expected.itemAuthors].filter(([id]) =>
      expected.issues.has(String(id)) ? areIssuesShown : arePullsShown,
    ),
  );
  return {
    ...expected,
    itemAuthors,
    commitAuthors: may.has('contents') ? expected.commitAuthors : new Map(),
  };
}

/** A repository's row; where a permission is missing, what it would show is left out. */
function withStatus(row: Row, installation: Installation): Row {
  const may = permitted(installation);
  const { head_sha: head, ...rest } = row;
  const complete = ['contents', 'issues', 'pull_requests'].every((one) => may.has(one));
  return {
    ...rest,
    ...(may.has('contents') ? { head_sha: head } : {}),
    removed_at: null,
    removed_reason: null,
    sync_status: complete ? 'fresh' : 'error',
    ...(complete ? { sync_error: null } : {}),
  };
}

function compareInstallations(sandbox: Sandbox, stored: StoredRows): string[] {
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
  const rows = stored('installations').filter((row) => row['deleted_at'] === null);
  return differencesOf('installations', expected, byKey(rows, 'id'));
}
