import type { Context } from '../../../sandbox/world/context.ts';
import type { Repository } from '../../../sandbox/world/types.ts';
import { authorFault, type StoredPeople } from './compare-people.ts';
import { differencesOf, type Row } from './difference.ts';
import type { ExpectedRepository } from './expected-repository.ts';
import { expectedDetails } from './expected-teamwork.ts';
import { furtherTables } from './further-rows.ts';
import type { Permitted } from './permitted.ts';
import { storedTables, type StoredTable } from './stored-rows.ts';

/** A repository that the App reads, and what is stored of it. */
export interface ComparedRepository {
  context: Context;
  repository: Repository;
  expected: ExpectedRepository;
  permitted: Permitted;
  /** its rows, live or not; `author` is the account behind `author_id` */
  stored: (table: StoredTable) => readonly Row[];
  people: { stored: StoredPeople; linked: ReadonlyMap<string, number> };
}

/** What is left unjudged. */
export interface Leniency {
  /** tables that may be behind GitHub */
  lagging?: ReadonlySet<StoredTable>;
  /** false: what only GraphQL shows of pull requests may be missing */
  details?: boolean;
  /** false: what changes without a sign may be as it was when its row was last read */
  unshown?: boolean;
}

/** Compares everything below one repository. */
export function compareOneRepository(compared: ComparedRepository, leniency: Leniency): string[] {
  const { context, repository, expected, permitted, stored } = compared;
  const { lagging, details = true, unshown = true } = leniency;
  const lines: string[] = [];
  const compare = (table: StoredTable, rows: ReadonlyMap<string, Row>, key: string) =>
    lines.push(
      ...differencesOf(
        table,
        unshown ? rows : withoutUnshown(table, rows),
        byKey(stored(table).filter(isLive), key),
      ),
    );

  if (permitted.has('contents')) {
    compare('branches', expected.branches, 'name');
    compare('commits', expected.commits, 'sha');
    lines.push(...compareCommitAuthors(compared));
  }
  if (permitted.has('issues') && repository.hasIssues) {
    compare('issues', expected.issues, 'id');
    lines.push(...compareGoneIssues(repository, stored('issues')));
  }
  if (permitted.has('pull_requests') && repository.hasPullRequests) {
    const further = byKey(details ? expectedDetails(context, repository) : [], 'id');
    const pulls = [...expected.pulls].map(([id, row]): [string, Row] => [id, { ...row, ...further.get(id) }]);
    compare('pull_requests', new Map(pulls), 'id');
  }
  for (const table of storedTables) {
    const { rows, isReadable, key = 'id', isDetail = false } = furtherTables[table] ?? {};
    if (!rows || !isReadable?.(permitted, repository)) continue;
    if (lagging?.has(table) || (isDetail && !details)) continue;
    const own = rows(context, repository);
    compare(table, byKey(table === 'issue_comments' ? withReadableParent(own, compared) : own, key), key);
  }
  lines.push(...compareKept(repository, stored));
  return lines.map((line) => `${line} (repository ${repository.id})`);
}

/** No clock and no event tells what their author has become to a repository, nor a parent of its sub-issues. */
function withoutUnshown(table: StoredTable, rows: ReadonlyMap<string, Row>): ReadonlyMap<string, Row> {
  if (table !== 'issues' && table !== 'pull_requests') return rows;
  return new Map(
    [...rows].map(([key, row]) => {
      const { author_association: _a, sub_issues_total: _t, sub_issues_completed: _c, ...others } = row;
      return [key, others];
    }),
  );
}

export function byKey(rows: readonly Row[], key: string): Map<string, Row> {
  return new Map(rows.map((row) => [String(row[key]), row]));
}

export function isLive({ deleted_at: deleted, orphaned_at: orphaned }: Row): boolean {
  return (deleted ?? null) === null && (orphaned ?? null) === null;
}

/**
 * Comments whose issue or pull request is here or can be read. One that was switched off before it was ever read cannot be,
 * though the list of comments shows what was said on it. Where the App may not read one of both, nobody can tell whose
 * comment that is: it may be here, and if it was listed while the App was thought to read both, it may not be.
 */
function withReadableParent(
  comments: readonly Row[],
  { repository, permitted, stored }: ComparedRepository,
): Row[] {
  const { issues, hasIssues, hasPullRequests } = repository;
  const live = (table: StoredTable) => stored(table).filter(isLive);
  const here = (table: StoredTable) => new Set(live(table).map(({ number }) => number));
  const known = { issues: here('issues'), pulls: here('pull_requests') };
  const areRead = {
    issues: hasIssues && permitted.has('issues'),
    pulls: hasPullRequests && permitted.has('pull_requests'),
  };
  const areBothPermitted = permitted.has('issues') && permitted.has('pull_requests');
  const unclear = new Set(areBothPermitted ? [] : live('issue_comments').map(({ id }) => id));
  return comments.filter(({ id, number }) => {
    const kind = issues.get(Number(number))?.pull ? 'pulls' : 'issues';
    return unclear.has(id) || areRead[kind] || known[kind].has(number);
  });
}

/** While they are switched off nobody can read issues or pull requests: their rows stay, none is treated as deleted. */
function compareKept(repository: Repository, stored: ComparedRepository['stored']): string[] {
  const { issues, hasIssues, hasPullRequests } = repository;
  const lost = (table: StoredTable, kept: Set<unknown>) =>
    stored(table)
      .filter((row) => !isLive(row) && kept.has(row['id']))
      .map((row) => `${table} ${String(row['id'])}: marked as deleted while switched off`);
  const live = [...issues.values()];
  const plain = new Set(live.filter(({ pull }) => pull === null).map((issue) => issue.id));
  const pulls = new Set(live.flatMap(({ pull }) => pull?.id ?? []));
  return [
    ...(hasIssues ? [] : lost('issues', plain)),
    ...(hasPullRequests ? [] : lost('pull_requests', pulls)),
  ];
}

function compareCommitAuthors({ expected, stored, people }: ComparedRepository): string[] {
  const commits = byKey(stored('commits').filter(isLive), 'sha');
  return [...expected.commitAuthors].flatMap(([sha, author]) => {
    const row = commits.get(sha);
    if (row === undefined) return [];
    const authorId = typeof row['author_id'] === 'number' ? row['author_id'] : null;
    const fault = authorFault(author, authorId, people.stored, people.linked);
    return fault === null ? [] : [`commits ${sha}: ${fault}`];
  });
}

/** An issue that GitHub says it deleted or transferred is marked with that reason. */
function compareGoneIssues(repository: Repository, issues: readonly Row[]): string[] {
  return issues.flatMap((row) => {
    const { id, number, deleted_reason: reason } = row;
    const gone = repository.gone.get(Number(number));
    return isLive(row) || gone === undefined || gone.kind === reason || gone.kind === 'transferred'
      ? []
      : [`issues ${String(id)}: deleted_reason is ${String(reason)}, must be ${gone.kind}`];
  });
}
