import type { Client } from '@temporalio/client';
import type { Sql } from '../db/orm.ts';
import type { LargeCounts } from '../db/health/large-counts.ts';
import type { Logger } from '../logger.ts';
import type { WakeTarget } from '../temporal/wake.ts';
import type { GitHubPages } from './github-pages.ts';
import type { Metrics } from './metrics.ts';

/** The API's dependencies and settings. */
export interface ApiDeps {
  db: Sql;
  counts: LargeCounts;
  /** why this process cannot use the database's schema, or null */
  schemaFault: () => Promise<string | null>;
  client: Client;
  /** wakes a workflow after a delivery is committed; must neither wait nor throw */
  wake: (target: WakeTarget) => void;
  metrics: Metrics;
  log: Logger;
  settings: ApiSettings;
}

export interface ApiSettings {
  webhookSecrets: readonly string[];
  token?: string | undefined;
  /** origins whose pages may call the API from a browser; none by default */
  allowedOrigins?: readonly string[];
  temporalUiUrl?: string | undefined;
  /** unset if only GitHub's API is known, as with the sandbox */
  githubPages?: GitHubPages | undefined;
  /** the sweep's period */
  intervalMs: number;
  /** the sweep skips repositories compared more recently than this */
  freshForMs: number;
  /** how often the App's delivery log is read between sweeps; undefined if it is not */
  deliveryLogMs?: number | undefined;
  /** where `/setup` writes `.env`; undefined if an App is configured, and there is no such page */
  setupFolder?: string | undefined;
  /** names of further kinds that are not mirrored */
  skippedKinds?: ReadonlySet<string>;
}
