/** Every event that a resource delivers, by its name. */
import { resources } from './index.ts';
import type { WebhookEvent } from '../webhooks/event.ts';

export const events: ReadonlyMap<string, WebhookEvent> = new Map(
  resources
    .flatMap(({ events: own = [] }) => own)
    .flatMap((event) => event.names.map((name): [string, WebhookEvent] => [name, event])),
);
