/** Every event that a resource tells, by its name. */
import { resources } from '../resources/index.ts';
import type { ResourceEvent } from '../resources/resource.ts';

export const events: ReadonlyMap<string, ResourceEvent> = new Map(
  resources
    .flatMap(({ events: own = [] }) => own)
    .flatMap((event) => event.names.map((name): [string, ResourceEvent] => [name, event])),
);

/** Sent to every App without subscription. Source: OpenAPI summaries. */
export const ALWAYS_SENT: ReadonlySet<string> = new Set([
  'installation',
  'installation_repositories',
  'installation_target',
]);
