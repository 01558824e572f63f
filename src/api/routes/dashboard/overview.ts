import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { namesOfLimited } from '../../../db/dashboard/names-of-limited.ts';
import { countByFreshness } from '../../../db/dashboard/freshness.ts';
import { listHours } from '../../../db/dashboard/hours.ts';
import { listProblems } from '../../../db/dashboard/problems.ts';
import { readLogState, type LogState } from '../../../db/system-state/log-reader.ts';
import type { ApiDeps } from '../../deps.ts';
import { errors } from '../../schemas.ts';
import { adviceFor } from './advice.ts';
import { overviewSchema, type Overview } from './schemas.ts';

/** `GET /api/dashboard/overview/`: what the first screen shows besides `health`. */
export function registerOverview(app: FastifyInstance, { db, settings }: ApiDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: 'GET',
    url: '/api/dashboard/overview/',
    schema: {
      hide: true,
      summary: 'Freshness, problems and the last 24 hours',
      response: { 200: overviewSchema, ...errors(401, 503) },
    },
    handler: async () => {
      const [freshness, problems, hours, accounts, log] = await Promise.all([
        countByFreshness(db, settings),
        listProblems(db, settings),
        listHours(db),
        namesOfLimited(db),
        readLogState(db),
      ]);
      return {
        freshness,
        problems: problems.map((problem) => ({ ...problem, advice: adviceFor(problem.code) })),
        hours,
        accounts,
        sweep: { interval_ms: settings.intervalMs },
        delivery_log: {
          interval_ms: settings.deliveryLogMs ?? null,
          delay: delayOf(log),
        },
      };
    },
  });
}

function delayOf(log: LogState | null): Overview['delivery_log']['delay'] {
  if (log === null || log.code === null || log.overdue_ms > 0) return null;
  return { code: log.code, until: log.due_at };
}
