/** `Repository`. */
import { HTML, type Json } from '../../world/context.ts';
import { fullName, ownerOf } from '../../world/lookup.ts';
import { refuseBlocked, type Reading } from '../../graphql/viewer.ts';
import { relatedRepository } from './related-repository.ts';
import { iso, isoOrNull } from '../../world/clock.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Repository } from '../../world/types.ts';
import { int32 } from '../../graphql/int32.ts';
import { repositoryGit } from './repository-git.ts';
import { repositoryItems } from './repository-items.ts';
import { repositoryLists } from './repository-lists.ts';

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
