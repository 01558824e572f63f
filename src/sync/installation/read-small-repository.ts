import type { SmallRepository } from '../../db/repository-sync/lease-small-repositories.ts';
import { branches as branchEntity, type BranchRow } from '../../entities/branches.ts';
import {
  countedKinds,
  forCounted,
  type CountedKind,
  type CountedName,
  type CountedRow,
} from '../../entities/index.ts';
import type { RowPage } from '../../github/pages/row-page.ts';
import { createRepositoryApi } from '../../github/repository-api.ts';
import type { GitHubSession } from '../../github/session/session.ts';
import type { CommitRow, Probe } from '../../model.ts';
import { isCompleteHistory } from '../listings/complete-history.ts';
import { ofKindsSwitchedOn, without } from '../listings/find-changes.ts';

/**
 * A list with more pages is long: this way twenty repositories in progress hold no more than one long history.
 */
const MOST_PAGES = 5;

/** All that GitHub showed of a repository. */
export interface SmallContents {
  repository: SmallRepository;
  head: string;
  branches: BranchRow[];
  commits: CommitRow[];
  /** null: switched off */
  counted: Readonly<Record<CountedName, Listed<CountedRow> | null>>;
  /** the snapshot that the rows equal once they are written */
  applied: Probe;
  /** GitHub's time at the first of the answers */
  date: string;
}

interface Listed<Row> {
  rows: Row[];
  /** GitHub's time when it began to answer */
  date: string;
}

/**
 * Reads all of a small repository.
 *
 * @returns null if anything about it is not plain: a long list, an unreadable element, a head that moved, a
 * count of rows that differs from GitHub's. Then `runComparison` does what is right.
 * @throws SyncError whatever keeps GitHub from answering
 */
export async function readSmallRepository(
  session: GitHubSession,
  repository: SmallRepository,
): Promise<SmallContents | null> {
  const { id, full_name: fullName, default_branch: defaultBranch } = repository;
  const head = repository.latest_probe.head_sha;
  const now = ofKindsSwitchedOn(repository, repository.latest_probe);
  if (head === null || now === null) return null;
  const api = createRepositoryApi(session, id, fullName);
  const [branches, commits] = await Promise.all([
    fewPages(api.list(branchEntity)),
    fewPages(api.commits(head)),
  ]);
  if (branches === null || commits === null || branches === 'off' || commits === 'off') return null;
  if (branches.rows.find(({ name }) => name === defaultBranch)?.head_sha !== head) return null;
  if (!isCompleteHistory(head, commits.rows)) return null;
  const counted = new Map<CountedName, Listed<CountedRow>>();
  const off = new Set<CountedName>();
  const lists = await Promise.all(countedKinds.map((kind: CountedKind) => fewPages(api.list(kind))));
  for (const [index, { name }] of countedKinds.entries()) {
    const list = lists[index] ?? null;
    if (!isAsCounted(list, now[`${name}_count`])) return null;
    if (list === 'off') off.add(name);
    else counted.set(name, list);
  }
  return {
    repository,
    head,
    branches: distinct(branches.rows, ({ name }) => name),
    commits: distinct(commits.rows, ({ sha }) => sha),
    counted: forCounted((name) => counted.get(name) ?? null),
    applied: without(now, off),
    date: branches.date < commits.date ? branches.date : commits.date,
  };
}

/** All of a list, as one page; null if it has more pages, or if something in it cannot be read. */
async function fewPages<Row>(
  pages: AsyncGenerator<RowPage<Row> | null>,
): Promise<Listed<Row> | 'off' | null> {
  let listed: Listed<Row> | null = null;
  let read = 0;
  for await (const page of pages) {
    if (page === null) return 'off';
    read += 1;
    // The first page shows whether a list is long: no further page is requested here and again in its own
    // comparison.
    const isLong = (page.pages ?? 0) > MOST_PAGES || (read === MOST_PAGES && page.next !== null);
    if (page.unreadable.length > 0 || isLong) return null;
    listed ??= { rows: [], date: page.date };
    listed.rows.push(...page.rows);
  }
  return listed;
}

function isAsCounted<Row extends { id: number }>(
  list: Listed<Row> | 'off' | null,
  counted: number | null,
): list is Listed<Row> | 'off' {
  if (list === null || list === 'off') return list === 'off';
  // A list never shows a row twice unless it shifted: then it is read like the long ones.
  return list.rows.length === counted && new Set(list.rows.map(({ id }) => id)).size === counted;
}

function distinct<Row>(rows: readonly Row[], key: (row: Row) => string): Row[] {
  return [...new Map(rows.map((row) => [key(row), row])).values()];
}
