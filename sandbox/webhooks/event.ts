/** What a resource declares about one of its webhook events. */
import type { Context, Json } from '../world/context.ts';
import type { Occurrence, Occurrences } from '../world/occurrence.ts';

/** A webhook event. */
export interface WebhookEvent {
  names: readonly EventName[];
  /** Without any of these permissions it is not sent; none: it needs none. */
  permissions: readonly string[];
  /** The event's own keys. */
  payload: (context: Context, occurrence: Occurrence) => Json;
}

type EventName = keyof Occurrences;

/** An event of these names, as the resource that it is about tells it. */
export function event<Name extends EventName>(
  names: readonly Name[],
  permissions: readonly string[],
  payload: (context: Context, occurrence: Occurrences[Name]) => Json,
): WebhookEvent {
  const isTold = (occurrence: Occurrence): occurrence is Occurrence & Occurrences[Name] =>
    names.some((name) => name === occurrence.event);
  return {
    names,
    permissions,
    payload: (context, occurrence) => (isTold(occurrence) ? payload(context, occurrence) : {}),
  };
}

/** Sent to every App without subscription. Source: OpenAPI summaries. */
export const ALWAYS_SENT: ReadonlySet<string> = new Set([
  'installation',
  'installation_repositories',
  'installation_target',
]);
