import { readFileSync } from 'node:fs';
import type { Pool } from 'pg';
import { migrate } from '../../src/db/migrate.ts';
import { createLogger } from '../../src/logger.ts';
import { fillWithoutIndexes } from './without-indexes.ts';

/** The last schema before there were further kinds, and the last before figures of reviews were kept. */
export const SIX_KINDS = 'v1-0009-queue-order';
export const ALL_KINDS = 'v1-0034-fair-team-health';

/** What a mirror of scale 1 has. */
export const ROWS =
  '1,000,000 commits and deliveries, 200,000 issues, 100,000 pull requests, 300,000 reviews, 500,000 comments';

export interface MirrorSize {
  /** 1: 1,000,000 commits and deliveries, 200,000 issues, 100,000 pull requests, 300,000 jobs */
  scale: number;
  repositories: number;
  installations: number;
}

/** Fills a new database of one of the two schemas with all that it has tables for. */
export async function fillMirror(
  pool: Pool,
  schema: typeof SIX_KINDS | typeof ALL_KINDS,
  size: MirrorSize,
): Promise<void> {
  const files = ['full-mirror.sql', ...(schema === ALL_KINDS ? ['full-mirror-reviews.sql'] : [])];
  await fillWithoutIndexes(
    pool,
    files.map((name) => statementsOf(name, size)),
  );
  await pool.query('vacuum analyze');
}

/** Fills a new database of `ALL_KINDS` and brings it to the newest schema, which fills what triggers keep by the thousand. */
export async function fillNewest(pool: Pool, databaseUrl: string, size: MirrorSize): Promise<void> {
  await fillMirror(pool, ALL_KINDS, size);
  await migrate(databaseUrl, createLogger('migrate', 'warn'));
  await pool.query('vacuum analyze');
}

function statementsOf(name: string, { scale, repositories, installations }: MirrorSize): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
    .replaceAll(':scale', String(scale))
    .replaceAll(':repositories', String(repositories))
    .replaceAll(':installations', String(installations));
}
