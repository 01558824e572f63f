import type { Json } from '../../world/context.ts';
import type { RefOccurrence } from './ref.ts';

export function refPayload(occurrence: RefOccurrence): Json {
  const { repository, ref, refType, event } = occurrence;
  return {
    ref: ref.replace(/^refs\/(?:heads|tags)\//, ''),
    ref_type: refType,
    ...(event === 'create' && {
      master_branch: repository.defaultBranch,
      description: repository.description,
    }),
    pusher_type: 'user',
  };
}
