import { readDependencies } from '../../db/health/dependencies.ts';
import { readHealth } from '../../db/health/health.ts';
import { readKinds } from '../../db/health/kinds.ts';
import type { ApiDeps } from '../deps.ts';
import type { Health } from './health-schema.ts';
import { healthStatus } from './health-status.ts';

/**
 * Health while the database answers. Its statements run concurrently and take as long as the slowest.
 *
 * @throws the driver's error if the database is unavailable
 */
export async function lookAtHealth({
  db,
  counts,
  settings,
}: Pick<ApiDeps, 'db' | 'counts'> & {
  settings: Pick<ApiDeps['settings'], 'intervalMs' | 'freshForMs' | 'skippedKinds'>;
}): Promise<Health> {
  const [{ signals, ...figures }, { dependencies, kinds }] = await Promise.all([
    readHealth(db, counts, settings),
    // Sequentially, on one connection: both are short.
    readDependencies(db).then(async (dependencies) => ({
      dependencies,
      kinds: await readKinds(db, settings.skippedKinds ?? new Set()),
    })),
  ]);
  return {
    status: healthStatus({ signals, ...figures }, dependencies, settings.intervalMs),
    ...figures,
    kinds,
    dependencies: {
      database: 'up',
      temporal: dependencies.temporal === 'up' ? 'up' : 'down',
      github: dependencies.github,
    },
  };
}
