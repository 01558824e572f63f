/** The issues and pull requests of a repository, one by one and in lists. */
import type { Json } from '../../world/context.ts';
import type { Issue, Repository } from '../../world/types.ts';
import { connection, type PageArgs } from '../../graphql/connection.ts';
import { notFound } from '../../graphql/errors.ts';
import { filterIssues, filterPulls, type IssueFilter, type PullFilter } from '../issues/issue-filter.ts';
import { orderKey, sortedIssues, type IssueOrder } from '../issues/issue-order.ts';
import { demand, type Reading } from '../../graphql/viewer.ts';

interface ByNumber {
  number: number;
}

/**
 * `issue`, `issues`, `pullRequest`, `pullRequests`, `issueOrPullRequest`. Kinds that are switched off are
 * absent.
 */
export function repositoryItems(viewer: Reading, repository: Repository): Json {
  const find = (number: number, kind: 'issue' | 'pull') => {
    const item = repository.issues.get(number);
    const wanted = item && (item.pull !== null) === (kind === 'pull');
    return wanted && (kind === 'pull' ? repository.hasPullRequests : repository.hasIssues) ? item : null;
  };
  return {
    issue: ({ number }: ByNumber) => {
      demand(viewer, repository, 'issues');
      const item = find(number, 'issue');
      if (!item) throw notFound(`Could not resolve to an Issue with the number of ${number}.`);
      return viewer.show.item(repository, item);
    },
    pullRequest: ({ number }: ByNumber) => {
      demand(viewer, repository, 'pull_requests');
      const item = find(number, 'pull');
      if (!item) throw notFound(`Could not resolve to a PullRequest with the number of ${number}.`);
      return viewer.show.item(repository, item);
    },
    issueOrPullRequest: ({ number }: ByNumber) => {
      const item = find(number, 'issue') ?? find(number, 'pull');
      if (!item)
        throw notFound(`Could not resolve to an issue or pull request with the number of ${number}.`);
      demand(viewer, repository, item.pull ? 'pull_requests' : 'issues');
      return viewer.show.item(repository, item);
    },
    issues: (args: PageArgs & IssueOrder & IssueFilter) => {
      demand(viewer, repository, 'issues');
      const all = repository.hasIssues ? sortedIssues(repository, 'issues', args.orderBy) : [];
      const items = filterIssues(viewer, repository, all, args);
      return counted(itemConnection(viewer, repository, args, items), repository.countsOff?.issues, args);
    },
    pullRequests: (args: PageArgs & IssueOrder & PullFilter) => {
      demand(viewer, repository, 'pull_requests');
      const all = repository.hasPullRequests ? sortedIssues(repository, 'pulls', args.orderBy) : [];
      const items = filterPulls(repository, all, args);
      return counted(
        itemConnection(viewer, repository, args, items),
        repository.countsOff?.pullRequests,
        args,
      );
    },
  };
}

/** The total with what is counted but not listed; such items count as open. */
function counted(list: Json, off = 0, { states }: { states?: readonly string[] | null }): Json {
  const open = !states || states.includes('OPEN');
  return open && off !== 0 ? { ...list, totalCount: Math.max(0, Number(list['totalCount']) + off) } : list;
}

function itemConnection(
  viewer: Reading,
  repository: Repository,
  args: PageArgs & IssueOrder,
  items: readonly Issue[],
): Json {
  const node = (item: Issue) => viewer.show.item(repository, item);
  return connection(args, { items, order: orderKey(args.orderBy), node });
}
