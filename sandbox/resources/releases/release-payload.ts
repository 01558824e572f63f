import type { Context, Json } from '../../world/context.ts';
import { releaseShape } from './release-shape.ts';
import type { ReleaseOccurrence } from './release.ts';

/** The event's own keys. */
export function releasePayload(context: Context, occurrence: ReleaseOccurrence): Json {
  const { repository, release, changes } = occurrence;
  return { release: releaseShape(context, repository, release), ...(changes && { changes }) };
}
