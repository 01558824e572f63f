import type { Issue, Repository } from '../../world/types.ts';
import type { World } from '../../world/world.ts';

/** The issue, or pull request, of that id, where it is in this repository. */
export function itemOf(
  world: World,
  repository: Repository,
  kind: 'issues' | 'pulls',
  id: number | string,
): Issue | null {
  const place = world.index[kind].get(Number(id));
  const item = place?.repositoryId === repository.id ? repository.issues.get(place.number) : undefined;
  return item && (item.pull === null) === (kind === 'issues') ? item : null;
}
