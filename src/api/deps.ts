import type { Client } from '@temporalio/client';
import type { Sql } from '../db/orm.ts';
import type { LargeCounts } from '../db/health/large-counts.ts';
import type { Logger } from '../logger.ts';
import type { WakeTarget } from '../temporal/wake.ts';
import type { GitHubPages } from './github-pages.ts';
import type { Metrics } from './metrics.ts';

/** What the API is made from. */
export interface ApiDeps {
  db: Sql;
  counts: LargeCounts;
  /** what keeps this process from running on the database's schema, or null */
  schemaFault: () => Promise<string | null>;
  client: Client;
  /** wakes a workflow after the commit of a delivery; must not wait nor throw */
  wake: (target: WakeTarget) => void;
  metrics: Metrics;
  log: Logger;
  settings: ApiSettings;
}

export interface ApiSettings {
  webhookSecrets: readonly string[];
  token?: string | undefined;
  /** pages that may call from a browser; none unless given */
  allowedOrigins?: readonly string[];
  temporalUiUrl?: string | undefined;
  /** unset where only GitHub's API is known, as with the sandbox */
  githubPages?: GitHubPages | undefined;
  /** the sweep's period */
  intervalMs: number;
  /** how recently compared a repository must be for the sweep to pass it over */
  freshForMs: number;
  /** how often the App's delivery log is read between sweeps; undefined: it is not */
  deliveryLogMs?: number | undefined;
  /** where `/setup` writes `.env`; undefined: there is no such page, an App is configured */
  setupFolder?: string | undefined;
  /** names of further kinds that are not mirrored */
  skippedKinds?: ReadonlySet<string>;
}
