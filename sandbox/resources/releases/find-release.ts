import type { Repository } from '../../world/types.ts';
import { publishedReleases, type Release } from './release.ts';

export function findRelease(
  repository: Repository,
  fits: (release: Release) => boolean,
): Release | undefined {
  return publishedReleases(repository).find(fits);
}
