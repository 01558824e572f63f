import { z } from 'zod';
import type { Stack } from './stack.ts';
import { until } from './until.ts';

interface Swept {
  /** what GitHub charged */
  asked: number;
  /** how often each path was requested */
  byRoute: Record<string, number>;
  ms: number;
}

/** Runs a sweep to its end. */
export async function sweepOnce({ apiUrl, github }: Stack): Promise<Swept> {
  await github.act('reset-stats');
  const begun = performance.now();
  const answer = await fetch(`${apiUrl}/api/sync/periodic/`, { method: 'POST' });
  const { run_id } = z.object({ run_id: z.string() }).parse(await answer.json());
  const jobs = z.object({ jobs: z.array(z.object({ run_id: z.string(), status: z.string() })) });
  const ms = await until('the sweep', begun, async () => {
    const list = await fetch(`${apiUrl}/api/sync/jobs/?job_type=periodic_sweep&limit=5`);
    const found = jobs.parse(await list.json()).jobs.find((job) => job.run_id === run_id);
    return found !== undefined && found.status !== 'running';
  });
  const { points, byRoute } = await github.asked();
  return { asked: points, byRoute, ms };
}
