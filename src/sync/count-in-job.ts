import { addToJob } from '../db/jobs/write-jobs.ts';
import { sqlOf, type Orm } from '../db/orm.ts';
import { countUsage, returnUsage, takeUsage, type Usage } from '../github/session/usage.ts';

/** At most this much of the request count is lost if a process dies. */
const WRITE_EVERY_MS = 10_000;

/**
 * Does `work` and adds its requests to the job: every ten seconds, in case the attempt is cut off, and when it
 * ends, successfully or not.
 *
 * @param work receives the usage that is counted but not yet in a job
 */
export async function countInJob<T>(
  orm: Orm,
  jobId: string,
  signal: AbortSignal | undefined,
  work: (usage: Usage) => Promise<T>,
  writeEveryMs = WRITE_EVERY_MS,
): Promise<T> {
  const usage: Usage = { requests: 0, points: 0 };

  async function write(): Promise<void> {
    const taken = takeUsage(usage);
    await addToJob(sqlOf(orm), jobId, taken).catch((error: unknown) => {
      returnUsage(usage, taken);
      throw error;
    });
  }

  // What cannot be written now is added next time.
  const writing = setInterval(() => void write().catch(() => undefined), writeEveryMs);
  try {
    return await countUsage(usage, signal, () => work(usage));
  } finally {
    clearInterval(writing);
    await write();
  }
}
