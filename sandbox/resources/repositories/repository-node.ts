/** `Repository`. */
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import { notFound } from '../../graphql/errors.ts';
import { int32 } from '../../graphql/int32.ts';
import { demand, type Reading, refuseBlocked, sees } from '../../graphql/viewer.ts';
import { iso, isoOrNull } from '../../world/clock.ts';
import { HTML, type Json } from '../../world/context.ts';
import { fullName, networkOf, ownerOf } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Issue, Repository } from '../../world/types.ts';
import { HEADS } from '../branches/branch.ts';
import { resolve } from '../branches/push.ts';
import { target } from '../branches/ref-node.ts';
import { commitDate } from '../commits/commit.ts';
import { filterIssues, filterPulls, type IssueFilter, type PullFilter } from '../issues/issue-filter.ts';
import { type IssueOrder, orderKey, sortedIssues } from '../issues/issue-order.ts';
import { relatedRepository } from './related-repository.ts';

// The issues and pull requests of a repository, one by one and in lists.

interface ByNumber {
  number: number;
}

/**
 * `issue`, `issues`, `pullRequest`, `pullRequests`, `issueOrPullRequest`. Kinds that are switched off are
 * absent.
 */
function repositoryItems(viewer: Reading, repository: Repository): Json {
  const find = (number: number, kind: 'issue' | 'pull') => {
    const item = repository.issues.get(number);
    const fits = item && (item.pull !== null) === (kind === 'pull');
    return fits && (kind === 'pull' ? repository.hasPullRequests : repository.hasIssues) ? item : null;
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

// What a repository has of Git: refs and objects.

interface RefsArgs extends PageArgs {
  refPrefix: string;
  query?: string | null;
  direction?: 'ASC' | 'DESC' | null;
  orderBy?: { field: 'ALPHABETICAL' | 'TAG_COMMIT_DATE'; direction: 'ASC' | 'DESC' } | null;
}

/** `defaultBranchRef`, `ref`, `refs`, `object`. They need the contents permission. */
function repositoryGit(viewer: Reading, repository: Repository): Json {
  const show = (name: string | null) => (name === null ? null : viewer.show.ref(repository, name));
  return {
    defaultBranchRef: () => {
      demand(viewer, repository, 'contents');
      return show(qualified(repository, HEADS + repository.defaultBranch));
    },
    ref: ({ qualifiedName }: { qualifiedName: string }) => {
      demand(viewer, repository, 'contents');
      return show(qualified(repository, qualifiedName));
    },
    refs: (args: RefsArgs) => {
      demand(viewer, repository, 'contents');
      return connection(args, { items: refNames(viewer, repository, args), order: byPosition, node: show });
    },
    object: ({ oid, expression }: { oid?: string | null; expression?: string | null }) => {
      demand(viewer, repository, 'contents');
      const name = oid ?? (expression === 'HEAD' ? repository.defaultBranch : expression) ?? '';
      return target(viewer, repository, oid ?? resolve(viewer.context.world, repository, name) ?? '');
    },
  };
}

/** The full name of a ref given as `refs/heads/x`, `heads/x` or `x`; null when there is none. */
function qualified({ refs }: Repository, name: string): string | null {
  const spellings = [name, `refs/${name}`, HEADS + name, `refs/tags/${name}`];
  return spellings.find((one) => refs.has(one)) ?? null;
}

function refNames(viewer: Reading, repository: Repository, args: RefsArgs): string[] {
  const { query, orderBy } = args;
  const prefix = args.refPrefix.endsWith('/') ? args.refPrefix : `${args.refPrefix}/`;
  const names = [...repository.refs.keys()].filter(
    (name) => name.startsWith(prefix) && name.slice(prefix.length).includes(query ?? ''),
  );
  names.sort();
  if (orderBy?.field === 'TAG_COMMIT_DATE') {
    const dates = new Map(names.map((name) => [name, dateOf(viewer, repository, name)]));
    names.sort((a, b) => (dates.get(a) ?? 0) - (dates.get(b) ?? 0));
  }
  return (orderBy?.direction ?? args.direction) === 'DESC' ? names.toReversed() : names;
}

function dateOf({ context: { world } }: Reading, repository: Repository, name: string): number {
  const commit = networkOf(world, repository).commits.get(resolve(world, repository, name) ?? '');
  return commit ? commitDate(commit) : 0;
}

// Topics, languages and forks of a repository.

/** `repositoryTopics`, `primaryLanguage`, `languages`, `forks`, and `deployments`, which are none. */
function repositoryLists(viewer: Reading, repository: Repository): Json {
  const { language, topics } = repository;
  const { repositories } = viewer.context.world.state;
  const forks = () =>
    [...repositories.values()].filter((one) => one.parentId === repository.id && sees(viewer, one));
  return {
    repositoryTopics: (args: PageArgs) =>
      connection(args, { items: topics, order: byPosition, node: (name) => topicNode(repository, name) }),
    primaryLanguage: language === null ? null : languageNode(language),
    languages: (args: PageArgs) =>
      connection(args, { items: language === null ? [] : [language], order: byPosition, node: languageNode }),
    forks: (args: PageArgs) =>
      connection(args, { items: forks(), order: byPosition, node: (one) => viewer.show.repository(one) }),
    deployments: (args: PageArgs) => {
      demand(viewer, repository, 'deployments');
      return connection(args, { items: [], order: byPosition, node: () => null });
    },
  };
}

function topicNode(repository: Repository, name: string): Json {
  return {
    id: `RT_${nodeId('R', name, repository.id).slice(2)}`,
    url: `${HTML}/topics/${name}`,
    resourcePath: `/topics/${name}`,
    topic: { id: `T_${Buffer.from(name).toString('base64url')}`, name },
  };
}

function languageNode(name: string): Json {
  return { id: `L_${Buffer.from(name).toString('base64url')}`, name, color: null };
}

/** The repository without the fields that resources add (`graphql/nodes/show.ts`). Throws GraphQLError for one that GitHub has taken down. */
export function repositoryNode(viewer: Reading, repository: Repository): Json {
  refuseBlocked(repository);
  return {
    ...scalars(viewer, repository),
    owner: () => viewer.show.account(ownerOf(viewer.context.world, repository)),
    parent: () => relatedRepository(viewer, repository.parentId),
    templateRepository: null,
    licenseInfo: null,
    ...repositoryGit(viewer, repository),
    ...repositoryItems(viewer, repository),
    ...repositoryLists(viewer, repository),
  };
}

function scalars({ context }: Reading, repository: Repository): Json {
  const name = fullName(context.world, repository);
  const owner = ownerOf(context.world, repository);
  return {
    __typename: 'Repository',
    id: nodeId('R', repository.id),
    databaseId: int32(repository.id),
    name: repository.name,
    nameWithOwner: name,
    url: `${HTML}/${name}`,
    resourcePath: `/${name}`,
    sshUrl: `git@github.com:${name}.git`,
    homepageUrl: repository.homepage,
    description: repository.description,
    visibility: repository.visibility.toUpperCase(),
    isPrivate: repository.visibility !== 'public',
    isArchived: repository.archived,
    isDisabled: repository.disabled,
    isEmpty: repository.refs.size === 0,
    isFork: repository.parentId !== null,
    isInOrganization: owner.type === 'Organization',
    isLocked: false,
    isMirror: false,
    isTemplate: repository.isTemplate,
    lockReason: null,
    mirrorUrl: null,
    archivedAt: null,
    createdAt: iso(repository.createdAt),
    updatedAt: iso(repository.updatedAt),
    pushedAt: isoOrNull(repository.pushedAt),
    diskUsage: repository.size,
    stargazerCount: repository.stargazers,
    forkCount: repository.forks,
    hasIssuesEnabled: repository.hasIssues,
    hasDiscussionsEnabled: false,
    hasProjectsEnabled: true,
    hasWikiEnabled: true,
    viewerPermission: 'READ',
    viewerCanAdminister: false,
  };
}
