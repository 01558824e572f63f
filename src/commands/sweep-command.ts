import type { Client } from '@temporalio/client';
import type { Config } from '../config.ts';
import { ConfigurationError } from '../config.ts';
import { complaintLine } from '../db/database-troubles.ts';
import { databaseTime } from '../db/database-time.ts';
import { createOrm, sqlOf, type Sql } from '../db/orm.ts';
import { schemaFault } from '../db/schema-version.ts';
import { SyncError } from '../errors.ts';
import { runningEnvironment } from '../standalone/running.ts';
import { connectTemporal } from '../temporal/connect.ts';
import { loadSettings } from '../temporal/load-settings.ts';
import { temporalUrl } from '../temporal/temporal-url.ts';
import type { Job } from '../model.ts';
import type { Progress } from '../workflows/messages.ts';
import { followSweep, type FinishedJob, type SweepRun } from './follow-sweep.ts';
import { finalLine, progressLine } from './sweep-lines.ts';
import { createLine, print } from './terminal-line.ts';

/** The exit code if nothing could even be tried (docs/reference.md, "Commands"). */
export const OUT_OF_REACH = 3;

export interface SweepCommand {
  db: Sql;
  client: Client;
  /** shows a sweep while it runs, and how it ended */
  follow: (sweep: SweepRun) => Promise<FinishedJob>;
}

/**
 * Runs a command that starts and watches sweeps, on the environment's servers or those of the `npm start` in
 * this folder. Resolves with the exit code; faults of the set-up are printed one per line.
 */
export async function sweepCommand(
  given: NodeJS.ProcessEnv,
  run: (command: SweepCommand) => Promise<number>,
  outOfReach: number,
): Promise<number> {
  try {
    const { config, temporal: settings } = loadSettings('sync', runningEnvironment(given));
    const orm = createOrm({ databaseUrl: config.DATABASE_URL, poolSize: 2, name: 'sync' });
    const { client, close } = connectTemporal(settings);
    try {
      const fault = await schemaFault(orm.em.fork());
      if (fault !== null) return complain(fault, outOfReach);
      const db = sqlOf(orm);
      const since = await databaseTime(db);
      return await run({
        db,
        client,
        follow: (sweep) => follow({ db, client, since }, config, settings.namespace, sweep),
      });
    } finally {
      await close();
      await orm.close(true);
    }
  } catch (error) {
    return complain(complaintOf(error), outOfReach);
  }
}

async function follow(
  { db, client, since }: { db: Sql; client: Client; since: string },
  config: Pick<Config, 'TEMPORAL_UI_URL'>,
  namespace: string,
  sweep: SweepRun,
): Promise<FinishedJob> {
  const url = temporalUrl({ url: config.TEMPORAL_UI_URL, namespace }, sweep);
  if (url !== null) print(url);
  const show = createLine();
  const onProgress = (job: Job, progress: Progress | null) => show(progressLine(job, progress));
  const job = await followSweep({ db, client, since, onProgress, onHint: print }, sweep);
  print(finalLine(job));
  return job;
}

function complain(message: string, exitCode: number): number {
  process.stderr.write(`${message}\n`);
  return exitCode;
}

function complaintOf(error: unknown): string {
  if (error instanceof ConfigurationError) return error.message;
  if (error instanceof SyncError)
    return `${error.message}. Check that it runs, TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE.`;
  return complaintLine(error) ?? String(error);
}
