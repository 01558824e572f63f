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

/** A list of more pages is a long one: twenty repositories under way hold no more than one long history does. */
const MOST_PAGES = 5;

/** What GitHub showed of a repository, all of it. */
export interface SmallContents {
  repository: SmallRepository;
  head: string;
  branches: BranchRow[];
  commits: CommitRow[];
  /** null: switched off */
  counted: Readonly<Record<CountedName, Listed<CountedRow> | null>>;
  /** what the rows are equal to when they are written */
  applied: Probe;
  /** GitHub's clock at the first of the answers */
  date: string;
}

interface Listed<Row> {
  rows: Row[];
  /** GitHub's clock when it began to answer */
  date: string;
}

/**
 * Reads all of a small repository.
 *
 * @returns null where anything is not as plain as can be: a long list, an element that cannot be read, a head
 *   that moved, a number of rows that GitHub counts otherwise. `runComparison` then does whatever is right.
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

/** All of a list, in the shape of a page; null where it has more pages, or where something of it cannot be read. */
async function fewPages<Row>(
  pages: AsyncGenerator<RowPage<Row> | null>,
): Promise<Listed<Row> | 'off' | null> {
  let listed: Listed<Row> | null = null;
  let read = 0;
  for await (const page of pages) {
    if (page === null) return 'off';
    read += 1;
    // A long list is known by its first page: no other is asked for here as well as in a comparison of its own.
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
  // A list never shows a row twice unless it shifted: then it is read as the long ones are.
  return list.rows.length === counted && new Set(list.rows.map(({ id }) => id)).size === counted;
}

function distinct<Row>(rows: readonly Row[], key: (row: Row) => string): Row[] {
  return [...new Map(rows.map((row) => [key(row), row])).values()];
}
