import { z } from 'zod';

// Must not import anything that a browser lacks: the dashboard imports its types from here.

const count = z.number().int();

export const metricsSchema = z.object({
  repository_id: count,
  commits_7d: count,
  commits_30d: count,
  commits_90d: count,
  contributors_30d: count,
  contributors_90d: count,
  last_commit_at: z.string().nullable(),
  open_issues: count,
  open_pull_requests: count,
  stale_issues: count,
  issues_opened_30d: count,
  issues_closed_30d: count,
  pull_requests_opened_30d: count,
  pull_requests_merged_30d: count,
  median_hours_to_close_90d: z.number().nullable(),
  median_hours_to_merge_90d: z.number().nullable(),
  bus_factor_90d: count,
  median_hours_to_first_review_90d: z.number().nullable(),
  merged_without_review_90d: count,
  open_review_requests: count,
  unresolved_threads: count,
  releases_90d: count,
});

export const weekSchema = z.object({
  week: z.iso.date().describe('the Monday (UTC) it begins on'),
  commits: count,
  issues_opened: count,
  issues_closed: count,
  pull_requests_opened: count,
  pull_requests_merged: count,
});

export const teamSchema = z.object({
  health: z.object({
    installation_id: count,
    score: z.number().nullable(),
    components: z.record(z.string(), z.record(z.string(), z.number().nullable())),
  }),
  repositories: z.array(metricsSchema.extend({ full_name: z.string() })),
  contributors: z.array(
    z.object({
      contributor_id: count,
      login: z.string().nullable(),
      name: z.string().nullable(),
      avatar_url: z.string().nullable(),
      commits: count,
    }),
  ),
  next: z.string().nullable(),
});
