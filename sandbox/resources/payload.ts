/** Deliveries' payloads: the envelope around each event's own keys, which its resource makes. */
import { organizationSimple, simpleUser } from './accounts/user-shape.ts';
import { installationStub } from './installations/installation-shape.ts';
import { repositoryShape } from './repositories/repository-shape.ts';
import { events } from './events.ts';
import type { Context, Json } from '../world/context.ts';
import type { Occurrence } from '../world/occurrence.ts';
import type { Installation } from '../world/types.ts';

/** The whole payload as it is for this installation. */
export function payloadOf(context: Context, occurrence: Occurrence, installation: Installation): Json {
  const account = context.world.state.accounts.get(installation.accountId);
  const action = 'action' in occurrence ? { action: occurrence.action } : {};
  const repository =
    'repository' in occurrence
      ? { repository: { ...repositoryShape(context, occurrence.repository), custom_properties: {} } }
      : {};
  const organization =
    account?.type === 'Organization' ? { organization: organizationSimple(context, account) } : {};
  return {
    ...action,
    ...repository,
    ...events.get(occurrence.event)?.payload(context, occurrence),
    ...organization,
    ...(!('installation' in occurrence) && { installation: installationStub(installation) }),
    sender: simpleUser(context, occurrence.sender),
  };
}
