import type { Context, Json } from '../../world/context.ts';
import { simpleUser } from './user-shape.ts';
import type { TargetRenamedOccurrence } from './account.ts';

export function renamedPayload(context: Context, occurrence: TargetRenamedOccurrence): Json {
  const { account, from, event } = occurrence;
  const changes = { login: { from } };
  if (event === 'organization') return { changes };
  const target = account.type === 'Organization' ? 'Organization' : 'User';
  return { account: simpleUser(context, account), changes, target_type: target };
}
