import type { Reading } from '../../graphql/viewer.ts';
import { HTML, type Json } from '../../world/context.ts';
import { fullName, networkOf } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Repository } from '../../world/types.ts';
import { gitActor } from '../commits/git-actor-node.ts';
import type { TagObject } from './tag-object.ts';

/** `Tag`. */
export function tagNode(viewer: Reading, repository: Repository, tag: TagObject): Json {
  const { world } = viewer.context;
  const commit = networkOf(world, repository).commits.get(tag.target);
  const path = `/${fullName(world, repository)}/commit/${tag.target}`;
  return {
    __typename: 'Tag',
    id: nodeId('tag', tag.sha, repository.id),
    oid: tag.sha,
    abbreviatedOid: tag.sha.slice(0, 7),
    name: tag.name,
    message: tag.message,
    commitUrl: HTML + path,
    commitResourcePath: path,
    tagger: () => gitActor(viewer, tag.tagger),
    target: () => commit && viewer.show.commit(repository, commit),
    repository: () => viewer.show.repository(repository),
  };
}
