import { randomUUID } from 'node:crypto';
import { sign } from '@octokit/webhooks-methods';
import type { Client } from '@temporalio/client';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import type { ApiSettings } from '../../src/api/deps.ts';
import { createMetrics } from '../../src/api/metrics.ts';
import { sqlOf, type Sql } from '../../src/db/orm.ts';
import { createLargeCounts } from '../../src/db/health/large-counts.ts';
import { schemaFault } from '../../src/db/schema-version.ts';
import { createLogger } from '../../src/logger.ts';
import { connectTemporal } from '../../src/temporal/connect.ts';
import type { WakeTarget } from '../../src/temporal/wake.ts';
import { createTestDatabase, createTestOrm } from '../support/database.ts';

export const SECRET = "It's a Secret to Everybody";

export interface TestApi {
  app: FastifyInstance;
  db: Sql;
  /** whom the receiver wanted woken */
  woken: WakeTarget[];
  url: string;
  /** how often the schema was looked at */
  schemaLooks: () => number;
  close: () => Promise<void>;
}

export interface TestApiOptions {
  settings?: Partial<ApiSettings>;
  client?: Client;
  /** instead of a new one; not dropped afterwards */
  databaseUrl?: string;
}

/** The API on a database of its own. Without a client, Temporal is away. */
export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const database = options.databaseUrl === undefined ? await createTestDatabase() : undefined;
  const url = options.databaseUrl ?? database?.url ?? '';
  const orm = createTestOrm(url, 5);
  const em = orm.em.fork();
  const db = sqlOf(orm);
  const nowhere = connectTemporal({ connectionOptions: { address: '127.0.0.1:1' }, namespace: 'default' });
  const woken: WakeTarget[] = [];
  let schemaLooks = 0;
  const app = await buildApp({
    db,
    counts: createLargeCounts(db),
    schemaFault: () => {
      schemaLooks += 1;
      return schemaFault(em);
    },
    client: options.client ?? nowhere.client,
    metrics: createMetrics(),
    log: createLogger('test', 'silent'),
    wake: (target) => woken.push(target),
    settings: { webhookSecrets: [SECRET], intervalMs: 900_000, freshForMs: 600_000, ...options.settings },
  });
  return {
    app,
    db,
    woken,
    url,
    schemaLooks: () => schemaLooks,
    close: async () => {
      await app.close();
      await nowhere.close();
      await orm.close(true);
      await database?.drop();
    },
  };
}

export interface SentDelivery {
  event?: string | undefined;
  guid?: string | undefined;
  body: string | Buffer;
  secret?: string;
  headers?: Record<string, string>;
}

/** A delivery as GitHub sends it. */
export async function deliver(app: FastifyInstance, delivery: SentDelivery): Promise<LightMyRequestResponse> {
  const { event = 'push', guid = randomUUID(), body, secret = SECRET } = delivery;
  const text = body.toString();
  return app.inject({
    method: 'POST',
    url: '/api/github/webhook/',
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': guid,
      'x-hub-signature-256': text === '' ? 'sha256=' : await sign(secret, text),
      ...delivery.headers,
    },
    payload: body,
  });
}

export function pushPayload(changes: Record<string, unknown> = {}): string {
  return JSON.stringify({
    ref: 'refs/heads/main',
    repository: { id: 42, full_name: 'octo/hello' },
    installation: { id: 7 },
    ...changes,
  });
}
