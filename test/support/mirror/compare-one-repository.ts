import type { Context } from '../../../sandbox/shapes/context.ts';
import type { Repository } from '../../../sandbox/world/types.ts';
import { authorFault, type StoredPeople } from './compare-people.ts';
import { differencesOf, type Row } from './difference.ts';
import type { ExpectedRepository } from './expected-repository.ts';
import { furtherRows } from './further-rows.ts';
import { rowsByKey, type Query } from './stored-rows.ts';

/** What an installation lets the App see. */
export interface Permitted {
  contents: boolean;
  issues: boolean;
  pulls: boolean;
}

/** Compares everything below one live repository. */
export async function compareOneRepository(
  query: Query,
  context: Context,
  repository: Repository,
  expected: ExpectedRepository,
  people: { stored: StoredPeople; linked: ReadonlyMap<string, number> },
  permitted: Permitted,
): Promise<string[]> {
  const { id } = repository;
  const rows = (sql: string, key: string) => rowsByKey(query, sql, (row) => String(row[key]), [id]);
  const lines: string[] = [];
  const add = (found: string[]) => lines.push(...found.map((line) => `repository ${id}: ${line}`));
  if (permitted.contents) {
    const branches = await rows(
      'select * from branches where repository_id = $1 and deleted_at is null',
      'name',
    );
    const commits = await rows(
      'select * from commits where repository_id = $1 and orphaned_at is null',
      'sha',
    );
    add(differencesOf('branches', expected.branches, branches));
    add(differencesOf('commits', expected.commits, commits));
    add(compareCommitAuthors(expected, commits, people));
    add(await compareCounts(query, id, commits));
  }
  if (permitted.issues && repository.hasIssues) {
    const issues = await rows('select * from issues where repository_id = $1 and deleted_at is null', 'id');
    add(differencesOf('issues', expected.issues, issues));
    add(compareItemAuthors('issues', expected, issues, people.stored));
    add(await compareGoneIssues(query, repository));
  }
  if (permitted.pulls && repository.hasPullRequests) {
    const pulls = await rows(
      'select * from pull_requests where repository_id = $1 and deleted_at is null',
      'id',
    );
    add(differencesOf('pull_requests', expected.pulls, pulls));
    add(compareItemAuthors('pull_requests', expected, pulls, people.stored));
  }
  for (const table of furtherTables(permitted)) {
    const expectedRows = furtherRows[table]?.(context, repository) ?? [];
    const key = table === 'tags' ? 'name' : 'id';
    const stored = await rows(`select * from ${table} where repository_id = $1 and deleted_at is null`, key);
    add(differencesOf(table, new Map(expectedRows.map((row) => [String(row[key]), row])), stored));
  }
  add(await compareKept(query, repository));
  return lines;
}

/** The tables of further kinds that are held against the sandbox's own answers. */
function furtherTables({ contents, issues, pulls }: Permitted): string[] {
  return [
    ...(issues || pulls ? ['labels', 'milestones'] : []),
    ...(contents ? ['tags', 'releases', 'release_assets'] : []),
  ];
}

/** While they are switched off nobody can read issues or pull requests: their rows stay, none is treated as deleted. */
async function compareKept(query: Query, repository: Repository): Promise<string[]> {
  const { id, issues, hasIssues, hasPullRequests } = repository;
  const lost = async (table: string, kept: Set<number>) => {
    const marked = await rowsByKey(
      query,
      `select id from ${table} where repository_id = $1 and deleted_at is not null`,
      (row) => String(row['id']),
      [id],
    );
    return [...marked.keys()]
      .filter((key) => kept.has(Number(key)))
      .map((key) => `${table} ${key}: marked as deleted while switched off`);
  };
  const live = [...issues.values()];
  const plain = new Set(live.filter(({ pull }) => pull === null).map((issue) => issue.id));
  const pulls = new Set(live.flatMap(({ pull }) => pull?.id ?? []));
  return [
    ...(hasIssues ? [] : await lost('issues', plain)),
    ...(hasPullRequests ? [] : await lost('pull_requests', pulls)),
  ];
}

function compareCommitAuthors(
  expected: ExpectedRepository,
  commits: ReadonlyMap<string, Row>,
  people: { stored: StoredPeople; linked: ReadonlyMap<string, number> },
): string[] {
  return [...expected.commitAuthors].flatMap(([sha, author]) => {
    const row = commits.get(sha);
    if (row === undefined) return [];
    const authorId = typeof row['author_id'] === 'number' ? row['author_id'] : null;
    const fault = authorFault(author, authorId, people.stored, people.linked);
    return fault === null ? [] : [`commits ${sha}: ${fault}`];
  });
}

function compareItemAuthors(
  table: string,
  expected: ExpectedRepository,
  rows: ReadonlyMap<string, Row>,
  stored: StoredPeople,
): string[] {
  return [...rows].flatMap(([id, { author_id: authorId }]) => {
    const person = expected.itemAuthors.get(Number(id));
    if (person === undefined) return [];
    const account = typeof authorId === 'number' ? stored.contributors.get(authorId)?.github_id : null;
    return account === (person?.id ?? null)
      ? []
      : [`${table} ${id}: author is account ${account}, must be ${person?.id}`];
  });
}

/** `repository_contributors` is exactly what the live commits say. */
async function compareCounts(
  query: Query,
  repositoryId: number,
  commits: ReadonlyMap<string, Row>,
): Promise<string[]> {
  const counted = new Map<
    string,
    { commits_count: number; first_commit_at: string | null; last_commit_at: string | null }
  >();
  for (const { author_id: author, committed_at: at } of commits.values()) {
    if (typeof author !== 'number') continue;
    const count = counted.get(String(author)) ?? {
      commits_count: 0,
      first_commit_at: null,
      last_commit_at: null,
    };
    counted.set(String(author), {
      commits_count: count.commits_count + 1,
      first_commit_at: earlier(count.first_commit_at, at, 1),
      last_commit_at: earlier(count.last_commit_at, at, -1),
    });
  }
  const stored = await rowsByKey(
    query,
    'select * from repository_contributors where repository_id = $1',
    (row) => String(row['contributor_id']),
    [repositoryId],
  );
  return differencesOf('repository_contributors', counted, stored);
}

function earlier(a: unknown, b: unknown, sign: 1 | -1): string | null {
  if (typeof a !== 'string' || typeof b !== 'string') return typeof a === 'string' ? a : textOrNull(b);
  return (Date.parse(a) - Date.parse(b)) * sign <= 0 ? a : b;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** An issue that GitHub says it deleted or transferred is marked with that reason. */
async function compareGoneIssues(query: Query, repository: Repository): Promise<string[]> {
  const marked = await rowsByKey(
    query,
    'select id, number, deleted_reason from issues where repository_id = $1 and deleted_at is not null',
    (row) => String(row['id']),
    [repository.id],
  );
  return [...marked].flatMap(([id, { number, deleted_reason: reason }]) => {
    const gone = repository.gone.get(Number(number));
    return gone === undefined || gone.kind === reason || gone.kind === 'transferred'
      ? []
      : [`issues ${id}: deleted_reason is ${String(reason)}, must be ${gone.kind}`];
  });
}
