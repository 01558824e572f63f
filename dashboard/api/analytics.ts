import type { z } from 'zod';
import type { metricsSchema, teamSchema, weekSchema } from '../../src/api/analytics-schemas.ts';

/** What `/api/analytics/repositories/:id/` answers. */
export interface RepositoryAnalytics {
  metrics: z.infer<typeof metricsSchema>;
  weeks: z.infer<typeof weekSchema>[];
}

/** What `/api/analytics/installations/:id/` answers. */
export type TeamAnalytics = z.infer<typeof teamSchema>;
