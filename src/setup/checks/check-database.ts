import type { Config } from '../../config.ts';
import { readLogState } from '../../db/system-state/log-reader.ts';
import { databaseComplaint } from '../../db/database-troubles.ts';
import { boundAppId, inspectServer, type ServerFacts } from '../../db/inspect-server.ts';
import { sqlOf, type Orm } from '../../db/orm.ts';
import { OLDEST_SERVER, schemaFault } from '../../db/schema-version.ts';
import { POOL_SIZES } from '../../db/pool-sizes.ts';
import { reasonOf } from '../../process/reason-of.ts';
import { tableFaults } from '../../db/table-faults.ts';
import { fault, ok, type Finding } from '../finding.ts';
import { checkMirror } from './check-mirror.ts';
import { logFinding } from './log-finding.ts';
import { replicationFinding } from './replication-finding.ts';

/** One process of each role. */
const CONNECTIONS = POOL_SIZES.api + POOL_SIZES.worker;

/** How many missing tables and privileges are named. */
const SHOWN = 3;

/** PostgreSQL: that it answers, is writable and new enough, and has our schema and enough connections. */
export async function checkDatabase(
  orm: Orm,
  config: Pick<Config, 'GITHUB_APP_ID' | 'SYNC_DELIVERY_LOG_INTERVAL' | 'SYNC_INTERVAL' | 'SYNC_FRESH_FOR'>,
): Promise<Finding[]> {
  const appId = config.GITHUB_APP_ID;
  const db = sqlOf(orm);
  const facts = await inspectServer(db).catch((error: unknown) => cannotServe(error));
  if ('check' in facts) return [facts];
  const version = versionFinding(facts);
  if (version.status === 'fault') return [version];
  const findings = [version, ...(facts.read_only ? [READ_ONLY] : [])];
  const lacking = await schemaFault(orm.em.fork()).catch((error: unknown) => cannotServe(error));
  if (lacking !== null && typeof lacking !== 'string') return [...findings, lacking];
  const incomplete = lacking === null ? await tableFaults(orm) : [];
  const schema = incomplete.length > 0 ? incompleteSchema(incomplete) : schemaFinding(lacking);
  findings.push(schema, connectionFinding(facts), ...replicationFinding(facts));
  if (schema.status === 'fault') return findings;
  const bound = await boundAppId(db);
  if (bound !== null && bound !== appId) findings.push(boundElsewhere(bound, appId));
  const logMs = config.SYNC_DELIVERY_LOG_INTERVAL;
  if (logMs !== undefined) findings.push(logFinding(await readLogState(db), logMs));
  return [...findings, ...(await checkMirror(db, config))];
}

function cannotServe(error: unknown): Finding {
  const { problem, reason, advice } = databaseComplaint(error) ?? {
    problem: 'PostgreSQL at DATABASE_URL could not be examined',
    reason: reasonOf(error),
    advice: 'Run doctor again.',
  };
  return fault('database', {
    message: `${problem} (${reason}).`,
    why: 'Deliveries get 503, and nothing is mirrored.',
    advice,
  });
}

function versionFinding({ version, version_number: number, database }: ServerFacts): Finding {
  if (number >= OLDEST_SERVER * 10_000) return ok('database', `PostgreSQL ${version}, database ${database}`);
  return fault('database', {
    message: `PostgreSQL ${version} is too old.`,
    why: 'The mirror uses SQL that needs a newer version.',
    advice: `Upgrade it to ${OLDEST_SERVER} or newer.`,
  });
}

const READ_ONLY = fault('database', {
  message: 'it is read-only (a standby, or default_transaction_read_only).',
  why: 'Deliveries get 503, and nothing is mirrored.',
  advice: 'Name the primary in DATABASE_URL, or switch default_transaction_read_only off.',
});

function schemaFinding(lacking: string | null): Finding {
  if (lacking === null) return ok('schema', 'current');
  return fault('schema', {
    message: `${lacking.replace(/: run .*$/, '')}.`,
    why: 'API and worker do not start.',
    advice: lacking.includes('npm run migrate')
      ? 'npm run migrate'
      : 'Update this program to the version that migrated the database, or a newer one.',
  });
}

/** While a backup is restored, or with a role that may not write. */
function incompleteSchema(faults: readonly string[]): Finding {
  const shown = faults.slice(0, SHOWN).join(', ');
  return fault('schema', {
    message: `${shown}${faults.length > SHOWN ? `, and ${faults.length - SHOWN} more` : ''}.`,
    why: 'What needs them waits with SCHEMA_MISMATCH.',
    advice:
      'Restore the tables from a backup, and let the role of DATABASE_URL own them or grant it the privileges.',
  });
}

function connectionFinding({ connections }: ServerFacts): Finding {
  const uses = `an API and a worker use up to ${CONNECTIONS}`;
  if (connections >= CONNECTIONS) return ok('connections', `${connections} allowed; ${uses}`);
  return fault('connections', {
    message: `${connections} are allowed; ${uses}.`,
    why: 'Work fails under load.',
    advice: 'Raise max_connections, or the connection limit of the role or database.',
  });
}

function boundElsewhere(bound: number, appId: number): Finding {
  return fault('database', {
    message: `it belongs to App ${bound}, but GITHUB_APP_ID is ${appId}.`,
    why: 'The worker does not start (APP_MISMATCH).',
    advice: 'Restore GITHUB_APP_ID; to switch Apps, see "Another App" in docs/operations.md.',
  });
}
