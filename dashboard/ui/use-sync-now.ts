import type { NamedJob } from '../../src/api/routes/dashboard/schemas.ts';
import { formatDuration, plural } from './format.ts';
import { useAction, type ActionResult } from '../api/use-action.ts';

/** The finished job, or the run that continues after the API stopped waiting. */
type Answer = NamedJob | { workflow_id: string; run_id: string };

/** Compares one repository or installation with GitHub now, and shows the result. */
export function useSyncNow(kind: 'repository' | 'installation', id: number, name: string) {
  return useAction<Answer>({
    path: `/api/sync/${kind}/${id}/?wait=true`,
    told: (answer) =>
      'status' in answer ? toldOf(answer, name) : { title: `${name} is still being compared` },
    refused: `${name} was not compared`,
  });
}

function toldOf(job: NamedJob, name: string): ActionResult {
  const rows = Object.values(job.rows).reduce((sum, count) => sum + count, 0);
  const changed = rows === 0 ? 'nothing changed' : `${plural(rows, 'row')} changed`;
  const description = `${changed}, ${plural(job.api_requests, 'request')}, ${formatDuration(job.duration_ms)}`;
  const href = `/jobs/${job.id}`;
  if (job.status === 'completed') return { title: `${name} matches GitHub`, description, href };
  const why = job.error === null ? description : `${job.error.code}: ${job.error.message}`;
  return { title: `The comparison of ${name} is ${job.status}`, description: why, href };
}
