import { pathToFileURL } from 'node:url';
import { ConfigurationError } from '../config.ts';
import { isDatabaseUnavailable } from '../db/database-errors.ts';
import { findRunningSweep } from '../db/queries/list-jobs.ts';
import { createOrm, sqlOf } from '../db/orm.ts';
import { schemaFault } from '../db/schema-version.ts';
import { SyncError } from '../errors.ts';
import { runningEnvironment } from '../standalone/running.ts';
import { callTemporal } from '../temporal/call.ts';
import { connectTemporal } from '../temporal/connect.ts';
import { loadSettings } from '../temporal/load-settings.ts';
import { startSweep } from '../temporal/start-sweep.ts';
import { temporalUrl } from '../temporal/temporal-url.ts';
import type { Job, Progress } from '../workflows/messages.ts';
import { followSweep, type SweepRun } from './follow-sweep.ts';
import { finalLine, progressLine } from './sweep-lines.ts';

/** What cron sees (contract, "Commands"). */
const exitCodes = { completed: 0, failed: 1, cancelled: 1, partial: 2 } as const;
const OUT_OF_REACH = 3;
const DEADLINE_MS = 5000;

/** `npm run sync`: starts the periodic sweep, or joins the one that runs, and waits for it. */
async function main(given: NodeJS.ProcessEnv): Promise<number> {
  const env = runningEnvironment(given);
  const { config, temporal: settings } = loadSettings('sync', env);
  const orm = createOrm({ databaseUrl: config.DATABASE_URL, poolSize: 2, name: 'sync' });
  const { client, close } = connectTemporal(settings);
  try {
    const fault = await schemaFault(orm.em.fork());
    if (fault !== null) return complain(fault);
    const db = sqlOf(orm);
    const running = await findRunningSweep(db);
    const sweep: SweepRun = running ?? (await callTemporal(client, DEADLINE_MS, () => startSweep(client)));
    say(running === null ? 'Started a sweep' : `Joined the sweep that runs since ${running.started_at}`);
    const url = temporalUrl({ url: config.TEMPORAL_UI_URL, namespace: settings.namespace }, sweep);
    if (url !== null) say(url);
    const show = createLine();
    const onProgress = (job: Job, progress: Progress | null) => show(progressLine(job, progress));
    const job = await followSweep({ db, client, onProgress, onHint: say }, sweep);
    say(finalLine(job));
    return exitCodes[job.status];
  } finally {
    await close();
    await orm.close(true);
  }
}

/** On a terminal one line that changes; elsewhere a line every few seconds, when it has changed. */
function createLine(): (line: string) => void {
  const { stdout } = process;
  let last = { line: '', at: 0 };
  return (line) => {
    if (line === last.line) return;
    if (stdout.isTTY) stdout.write(`\r\u001b[2K${line}`);
    else if (Date.now() - last.at >= 5000) say(line);
    else return;
    last = { line, at: Date.now() };
  };
}

function say(line: string): void {
  const { stdout } = process;
  stdout.write(`${stdout.isTTY ? '\r\u001b[2K' : ''}${line}\n`);
}

function complain(message: string): number {
  process.stderr.write(`${message}\n`);
  return OUT_OF_REACH;
}

function complaintOf(error: unknown): string {
  if (error instanceof ConfigurationError) return error.message;
  if (error instanceof SyncError) return `${error.message}. Check that it runs, and TEMPORAL_ADDRESS.`;
  const reason = error instanceof AggregateError ? String(error.errors[0]) : String(error);
  return isDatabaseUnavailable(error) ? `PostgreSQL at DATABASE_URL does not answer: ${reason}` : reason;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exit(await main(process.env).catch((error: unknown) => complain(complaintOf(error))));
}
