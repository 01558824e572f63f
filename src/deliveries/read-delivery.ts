import { isUtf8 } from 'node:buffer';
import type { NewDelivery } from '../model.ts';
import { SyncError } from '../errors.ts';
import { canChangeRows, shapeOf } from './events.ts';
import { storable, storableJson } from '../text.ts';

type Json = Readonly<Record<string, unknown>>;

/** GitHub's names have up to 40 characters. The column is indexed: an endless one could not be stored. */
const LONGEST_EVENT = 100;

/** What a delivery concerns, as shown in the Temporal Web UI; null if nothing has to be woken. */
export interface DeliveryRoute {
  kind: 'repository' | 'installation';
  id: number;
  installationId: number | null;
  /** `owner/name`, or the account's login */
  label: string | null;
}

/**
 * Reads only what is needed to store a delivery and wake its workflow. It requires nothing else of a payload,
 * so that additions or changes by GitHub never cause a genuine delivery to be rejected.
 *
 * @param raw.json the payload as JSON text, whose bytes are kept if PostgreSQL can store them unchanged
 * @throws SyncError BAD_REQUEST if it is not a JSON object, lacks the field that names its subject, or its
 * event's name is not valid
 */
export function readDelivery(raw: { guid: string; event: string; json: Buffer }): {
  delivery: NewDelivery;
  route: DeliveryRoute | null;
} {
  if (raw.event.length > LONGEST_EVENT || storable(raw.event) !== raw.event) {
    throw new SyncError('BAD_REQUEST', 'the event name is not valid');
  }
  const text = raw.json.toString();
  const payload = parseObject(text);
  const path = shapeOf(raw.event)?.subject;
  if (path !== undefined && !hasSubject(payload, path)) {
    throw new SyncError('BAD_REQUEST', `the payload of ${raw.event} must have ${path.join('.')}`);
  }
  const installation = objectAt(payload, 'installation');
  const repository = objectAt(payload, 'repository');
  const installationId = idOf(installation);
  const repositoryId = idOf(repository);
  const action = typeof payload['action'] === 'string' ? storable(payload['action']) : null;
  const route = canChangeRows(raw.event, action)
    ? routeOf(raw.event, { installationId, repositoryId, repository, account: accountOf(payload) })
    : null;
  return {
    route,
    delivery: {
      guid: raw.guid.toLowerCase(),
      event: raw.event,
      action,
      installationId,
      repositoryId,
      // The event or action has no effect here, or there is neither a repository nor an installation: nothing
      // can change.
      status: route === null ? 'ignored' : 'pending',
      payload: storableBytes(raw.json, text),
    },
  };
}

/** @param text the decoded bytes, with U+FFFD for those that are not UTF-8 */
function storableBytes(json: Buffer, text: string): Buffer {
  const storable = storableJson(text);
  return storable === text && isUtf8(json) ? json : Buffer.from(storable);
}

function routeOf(
  event: string,
  found: {
    installationId: number | null;
    repositoryId: number | null;
    repository: Json | null;
    account: Json | null;
  },
): DeliveryRoute | null {
  const { installationId, repositoryId } = found;
  if (repositoryId !== null && shapeOf(event)?.ofInstallation !== true) {
    const label = textAt(found.repository, 'full_name');
    return { kind: 'repository', id: repositoryId, installationId, label };
  }
  if (installationId === null) return null;
  return { kind: 'installation', id: installationId, installationId, label: textAt(found.account, 'login') };
}

function parseObject(text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SyncError('BAD_REQUEST', 'the payload is not JSON');
  }
  if (!isObject(value)) throw new SyncError('BAD_REQUEST', 'the payload is not a JSON object');
  return value;
}

function hasSubject(payload: Json, path: readonly [string, string?]): boolean {
  const [first, second] = path;
  if (second !== undefined) return typeof objectAt(payload, first)?.[second] === 'number';
  const value = payload[first];
  return typeof value === 'string' && value !== '';
}

function accountOf(payload: Json): Json | null {
  const installation = objectAt(payload, 'installation');
  return (
    (installation && objectAt(installation, 'account')) ??
    objectAt(payload, 'account') ??
    objectAt(payload, 'organization')
  );
}

function idOf(object: Json | null): number | null {
  const id = object?.['id'];
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : null;
}

function textAt(object: Json | null, key: string): string | null {
  const value = object?.[key];
  return typeof value === 'string' ? storable(value).slice(0, 200) : null;
}

function objectAt(object: Json, key: string): Json | null {
  const value = object[key];
  return isObject(value) ? value : null;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
