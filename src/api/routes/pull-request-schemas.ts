import { z } from 'zod';
import { time } from '../schemas.ts';

// Must not import anything that a browser lacks: the dashboard imports its types from here.

const count = z.number().int();
const text = z.string().nullable();

export const openPullRequestsSchema = z.object({
  pull_requests: z.array(
    z.object({
      id: count,
      repository_id: count,
      full_name: z.string(),
      number: count,
      title: z.string(),
      draft: z.boolean(),
      author_login: text,
      labels: z.array(z.string()),
      assignees: z.array(z.string()),
      base_ref: z.string(),
      requested_reviewers: z.array(z.string()),
      requested_teams: z.array(z.string()),
      created_at: time,
      updated_at: time,
      waiting_since: time.describe('when it became ready for review, else when it was opened'),
      first_review_at: time.nullable().describe('when another person first reviewed it'),
      first_approval_at: time.nullable(),
      reviews: count,
      comments: count,
      unresolved_threads: count,
      size: count.nullable().describe('additions and deletions'),
    }),
  ),
  next: text,
});

export const pullRequestWeeksSchema = z.object({
  now: z.object({
    open: count,
    drafts: count,
    waiting_for_first_review: count,
    longest_waiting_since: time.nullable(),
    unresolved_threads: count,
    open_review_requests: count,
  }),
  weeks: z.array(
    z.object({
      week: z.iso.date().describe('the Monday (UTC) it begins on'),
      opened: count,
      merged: count,
      median_hours_to_merge: z.number().nullable(),
      median_hours_to_first_review: z.number().nullable(),
    }),
  ),
});

export const reviewLoadSchema = z.object({
  people: z.array(
    z.object({
      contributor_id: count,
      login: text,
      name: text,
      avatar_url: text,
      reviews_30d: count,
      reviews_90d: count,
      pull_requests_reviewed_90d: count,
      open_review_requests: count,
    }),
  ),
});
