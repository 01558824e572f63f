import type { z } from 'zod';
import type { metricsSchema, teamSchema, weekSchema } from '../../src/api/routes/analytics-schemas.ts';
import type {
  openPullRequestsSchema,
  pullRequestWeeksSchema,
  reviewLoadSchema,
} from '../../src/api/routes/pull-request-schemas.ts';

/** What `/api/analytics/repositories/:id/` answers. */
export interface RepositoryAnalytics {
  metrics: z.infer<typeof metricsSchema>;
  weeks: z.infer<typeof weekSchema>[];
}

/** What `/api/analytics/installations/:id/` answers. */
export type TeamAnalytics = z.infer<typeof teamSchema>;

/** What `/api/analytics/pull-requests/` answers. */
export type OpenPullRequests = z.infer<typeof openPullRequestsSchema>;

/** What `/api/analytics/pull-requests/weeks/` answers. */
export type PullRequestWeeks = z.infer<typeof pullRequestWeeksSchema>;

/** What `/api/analytics/installations/:id/reviews/` answers. */
export type ReviewLoad = z.infer<typeof reviewLoadSchema>;
