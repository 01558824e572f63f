import type { Context, Json } from '../../world/context.ts';
import type { TargetRenamedOccurrence } from '../../world/occurrence.ts';
import { simpleUser } from './user-shape.ts';

export function renamedPayload(context: Context, occurrence: TargetRenamedOccurrence): Json {
  const { account, from, event } = occurrence;
  const changes = { login: { from } };
  if (event === 'organization') return { changes };
  const target = account.type === 'Organization' ? 'Organization' : 'User';
  return { account: simpleUser(context, account), changes, target_type: target };
}
