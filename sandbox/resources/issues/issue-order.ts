/** Lists of issues and pull requests in the orders GitHub offers. */
import type { Issue, Repository } from '../../world/types.ts';
import { lastChange } from '../pulls/pull.ts';
import { byKey, type Order } from '../../graphql/connection.ts';

type Field = 'CREATED_AT' | 'UPDATED_AT' | 'COMMENTS';

export interface IssueOrder {
  orderBy?: { field: Field; direction: 'ASC' | 'DESC' } | null;
}

const VALUES: Record<Field, (issue: Issue) => number> = {
  CREATED_AT: (issue) => issue.createdAt,
  UPDATED_AT: lastChange,
  COMMENTS: (issue) => issue.comments.length,
};

interface Sorted {
  version: number;
  lists: Map<string, readonly Issue[]>;
}

const sorted = new WeakMap<Repository, Sorted>();

/** The issues or the pull requests of a repository; sorted once for each state of it. Oldest first unless ordered otherwise. */
export function sortedIssues(
  repository: Repository,
  kind: 'issues' | 'pulls',
  orderBy: IssueOrder['orderBy'],
): readonly Issue[] {
  let known = sorted.get(repository);
  if (known?.version !== repository.version) {
    known = { version: repository.version, lists: new Map() };
    sorted.set(repository, known);
  }
  const key = `${kind} ${orderBy?.field} ${orderBy?.direction}`;
  const list = known.lists.get(key) ?? sort(repository, kind, orderBy);
  known.lists.set(key, list);
  return list;
}

function sort(repository: Repository, kind: 'issues' | 'pulls', orderBy: IssueOrder['orderBy']): Issue[] {
  const valueOf = VALUES[orderBy?.field ?? 'CREATED_AT'];
  const sign = orderBy?.direction === 'DESC' ? -1 : 1;
  const found = [...repository.issues.values()].filter((one) => (one.pull !== null) === (kind === 'pulls'));
  return found.sort((a, b) => sign * (valueOf(a) - valueOf(b) || a.number - b.number));
}

/** The cursors of such a list. */
export function orderKey(orderBy: IssueOrder['orderBy']): Order<Issue> {
  const valueOf = VALUES[orderBy?.field ?? 'CREATED_AT'];
  return byKey((issue) => [valueOf(issue), issue.number], orderBy?.direction === 'DESC');
}
