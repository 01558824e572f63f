import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { z } from 'zod';
import type { Progress } from './print.ts';
import type { Terminal } from './terminal.ts';

const jobs = z.object({
  jobs: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      installation_id: z.number().nullable(),
      repositories_processed: z.number(),
      commits_imported: z.number(),
      issues_imported: z.number(),
      pull_requests_imported: z.number(),
      api_requests: z.number(),
      rows: z.record(z.string(), z.number()),
      started_at: z.coerce.date(),
      duration_ms: z.number().nullable(),
      error: z.object({ code: z.string(), message: z.string() }).nullable(),
      workflow_id: z.string(),
    }),
  ),
});

type Job = z.output<typeof jobs>['jobs'][number];

const progress = z.object({
  phase: z.string(),
  done: z.number(),
  total: z.number().nullable(),
  eta_seconds: z.number().nullable(),
});
type Ahead = z.output<typeof progress>;

export interface ImportsToWatch {
  apiUrl: string;
  /** `SYNC_API_TOKEN`, if one is set. */
  token: string | undefined;
  temporalAddress: string;
  namespace: string;
}

const INTERVAL_MS = 1_500;

/**
 * Prints the progress of imports, until `signal` fires: counts from the API, the remaining work from the
 * workflow.
 */
export async function watchImports(
  what: ImportsToWatch,
  signal: AbortSignal,
  { print, rest }: Pick<Terminal, 'print' | 'rest'>,
): Promise<void> {
  const connection = Connection.lazy({ address: what.temporalAddress });
  const client = new Client({ connection, namespace: what.namespace });
  const printed = new Map<string, string>();
  const begun = new Date();
  try {
    while (!signal.aborted) {
      for (const job of await imports(what).catch(() => [])) {
        const running = job.status === 'running';
        if (!running && !printed.has(job.id) && job.started_at < begun) continue; // of an earlier start
        const left = running ? await ahead(client, connection, job.workflow_id) : undefined;
        const line = importLine(job, left);
        if (printed.get(job.id) !== line) {
          if (!running) rest();
          print(line, running ? importProgress(job, left) : undefined);
        }
        printed.set(job.id, line);
      }
      await sleep(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await connection.close();
  }
}

async function imports(what: ImportsToWatch): Promise<Job[]> {
  const query = new URLSearchParams({ job_type: 'installation_import', limit: '20' });
  const answer = await fetch(`${what.apiUrl}/api/sync/jobs/?${query.toString()}`, {
    headers: what.token ? { authorization: `Bearer ${what.token}` } : {},
    signal: AbortSignal.timeout(5_000),
  });
  return jobs.parse(await answer.json()).jobs.toReversed();
}

async function ahead(client: Client, connection: Connection, workflowId: string): Promise<Ahead | undefined> {
  try {
    const answer = await connection.withDeadline(Date.now() + 1_000, () =>
      client.workflow.getHandle(workflowId).query('progress'),
    );
    return progress.parse(answer);
  } catch {
    return undefined; // between two runs, or the worker is busy: the counts alone are enough
  }
}

/** One import as a line: `import of installation 7: 3 of 12 repositories, 1,204 commits, …, about 8 s left`. */
export function importLine(job: Job, ahead?: Ahead): string {
  const counts = [
    repositoriesOf(job, ahead),
    count(job.commits_imported, 'commits'),
    count(job.issues_imported, 'issues'),
    count(job.pull_requests_imported, 'pull requests'),
    ...(isBackfilling(ahead) ? [backfillsOf(ahead)] : []),
  ];
  const end =
    job.status === 'running'
      ? leftOf(ahead)
      : `: ${job.status} in ${((job.duration_ms ?? 0) / 1000).toFixed(1)} s, ${count(job.api_requests, 'requests')}` +
        (job.error ? ` (${job.error.code}: ${job.error.message})` : '');
  return `import of installation ${job.installation_id}: ${counts.join(', ')}${end}`;
}

/** The same for the animated line: shorter, with a bar. */
export function importProgress(job: Job, ahead?: Ahead): Progress {
  const total = ahead?.total ?? null;
  const imported = Object.values(job.rows).reduce((sum, some) => sum + some, 0);
  const far = isBackfilling(ahead) ? backfillsOf(ahead) : repositoriesOf(job, ahead);
  const what = `Import: ${far}, ${count(imported, 'rows')}${leftOf(ahead)}`;
  const done = isBackfilling(ahead) ? ahead.done : job.repositories_processed;
  return { what, share: total === null ? undefined : { done, total } };
}

/** All repositories have their required kinds; `ahead` counts those that have the further ones too. */
function isBackfilling(ahead: Ahead | undefined): ahead is Ahead & { phase: 'backfilling' } {
  return ahead?.phase === 'backfilling';
}

function repositoriesOf(job: Job, ahead: Ahead | undefined): string {
  const total = isBackfilling(ahead) ? null : ahead?.total;
  const of = total ? ` of ${total.toLocaleString('en-US')}` : '';
  return `${job.repositories_processed.toLocaleString('en-US')}${of} repositories`;
}

function backfillsOf({ done, total }: Ahead): string {
  return `reviews, comments, releases and more: ${done.toLocaleString('en-US')} of ${(total ?? 0).toLocaleString('en-US')}`;
}

function leftOf(ahead: Ahead | undefined): string {
  return ahead?.eta_seconds == null ? '' : `, about ${Math.ceil(ahead.eta_seconds)} s left`;
}

function count(n: number, what: string): string {
  return `${n.toLocaleString('en-US')} ${what}`;
}
