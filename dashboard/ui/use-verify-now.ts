import type { z } from 'zod';
import type { verifiedSchema } from '../../src/api/schemas.ts';
import { formatCount, formatDuration, plural } from './format.ts';
import { useAction, type ActionResult } from '../api/use-action.ts';

/**
 * The finished job with the result of the verification, or the run that continues after the API stopped
 * waiting.
 */
type Answer = z.infer<typeof verifiedSchema> | { workflow_id: string; run_id: string };

/** Compares every row of a repository with GitHub now, and shows what differed. */
export function useVerifyNow(id: number, name: string) {
  return useAction<Answer>({
    path: `/api/sync/repository/${id}/verify/?wait=true`,
    told: (answer) =>
      'status' in answer
        ? toldOf(answer, name)
        : { title: `${name} is still being verified`, description: 'The result will appear on this page.' },
    refused: `${name} was not verified`,
  });
}

function toldOf(job: z.infer<typeof verifiedSchema>, name: string): ActionResult {
  const href = `/jobs/${job.id}`;
  const { verification } = job;
  if (verification === null || job.error !== null) {
    const why = job.error === null ? `ended as ${job.status}` : `${job.error.code}: ${job.error.message}`;
    return { title: `${name} was not fully verified`, description: why, href };
  }
  const { rows_compared: compared, rows_healed: healed, healed: tables } = verification;
  const cost = `${plural(job.api_requests, 'request')}, ${formatDuration(job.duration_ms)}`;
  if (healed === 0)
    return {
      title: `${name} matches GitHub`,
      description: `${plural(compared, 'row')} compared, ${cost}`,
      href,
    };
  const where = Object.entries(tables).map(([table, count]) => `${formatCount(count)} in ${table}`);
  return {
    title: `${plural(healed, 'row')} of ${name} differed and ${healed === 1 ? 'was' : 'were'} repaired`,
    description: `${where.join(', ')}; ${plural(compared, 'row')} compared, ${cost}`,
    href,
  };
}
