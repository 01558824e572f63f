import { readFileSync } from 'node:fs';
import type { Stack } from '../support/stack.ts';

/** Of the newest push to a repository: how many lines of the logs tell of it, and of a job that applied it, by their ids. */
export async function followPush(
  stack: Stack,
  repositoryId: string,
): Promise<{ received: number; ended: number }> {
  const [delivery] = await stack.query<{ guid: string }>(
    `select guid from webhook_deliveries where event = 'push' and repository_id = $1 order by received_at desc limit 1`,
    [repositoryId],
  );
  const lines = (role: 'api' | 'worker', msg: string) =>
    stack.running(role).flatMap(({ logFile }) =>
      readFileSync(logFile, 'utf8')
        .split('\n')
        .filter((line) => line.includes(`"${msg}"`))
        .map((line): Record<string, unknown> => JSON.parse(line)),
    );
  const tellsOfIt = (line: object) => JSON.stringify(line).includes(delivery?.guid ?? '-');
  const applying = new Set(
    lines('worker', 'applying deliveries')
      .filter(tellsOfIt)
      .map(({ jobId }) => jobId),
  );
  const jobs = await stack.query<{ jobId: string; workflowId: string; runId: string }>(
    `select id as "jobId", workflow_id as "workflowId", run_id as "runId" from sync_jobs`,
  );
  return {
    received: lines('api', 'delivery received').filter(tellsOfIt).length,
    ended: lines('worker', 'job ended').filter(
      ({ jobId, workflowId, runId }) =>
        applying.has(jobId) &&
        jobs.some((job) => job.jobId === jobId && job.workflowId === workflowId && job.runId === runId),
    ).length,
  };
}
