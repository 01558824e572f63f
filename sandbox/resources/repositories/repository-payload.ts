import type { Context, Json } from '../../world/context.ts';
import { organizationSimple, simpleUser } from '../accounts/user-shape.ts';
import type { RepositoryOccurrence } from './repository.ts';

/** A transfer names the former owner. */
export function repositoryPayload(context: Context, { changes, formerOwner }: RepositoryOccurrence): Json {
  if (!formerOwner) return changes ? { changes } : {};
  const from =
    formerOwner.type === 'Organization'
      ? { organization: organizationSimple(context, formerOwner) }
      : { user: simpleUser(context, formerOwner) };
  return { changes: { owner: { from } } };
}
