import type { ServerFacts } from '../../db/inspect-server.ts';
import { ok, warning, type Finding } from '../finding.ts';

/** A healthy standby lags only by what is in transit; this much is minutes of an import. */
const LAG_BYTES = 256 * 1024 ** 2;
const MEBIBYTE = 1024 ** 2;

/** How far the database's standbys lag; nothing to check without any. */
export function replicationFinding({ standbys, lag_bytes: lag }: ServerFacts): Finding[] {
  if (standbys === 0) return [];
  const shown = `${standbys} ${standbys === 1 ? 'standby' : 'standbys'}`;
  // PostgreSQL shows other roles' sessions only to roles with pg_monitor.
  if (lag === null) return [ok('replication', `${shown}; only a role with pg_monitor can see their lag`)];
  const behind = `at most ${Math.ceil(lag / MEBIBYTE)} MiB behind`;
  if (lag < LAG_BYTES) return [ok('replication', `${shown}, ${behind}`)];
  return [
    warning('replication', {
      message: `${shown}, ${behind}.`,
      why: 'Readers there see an older mirror; a failover now would lose rows until the next full comparison.',
      advice: 'Check pg_stat_replication, and the network and disk of the standby.',
    }),
  ];
}
