import { z } from 'zod';
import { pullRequestReviews, type PullRequestReviewRow } from '../../entities/pull-request-reviews.ts';
import type { ReviewThreadRow } from '../../entities/pull-request-review-threads.ts';
import { storable } from '../../text.ts';
import { boundedTime } from '../../time.ts';
import { read } from '../answers.ts';
import { isAsDescribed } from './payloads.ts';

const time = z
  .union([z.string(), z.number()])
  .nullish()
  .catch(null)
  .transform((value) => Date.parse(boundedTime(value ?? 0) ?? '1970-01-01T00:00:00Z'));
const pullRequest = z.object({ id: z.number().int(), number: z.number().int(), updated_at: time });
const threadPayload = z.object({
  updated_at: time,
  thread: z.object({
    node_id: z.string(),
    comments: z
      .array(z.object({ id: z.number().int(), in_reply_to_id: z.number().int().nullish(), path: z.string() }))
      .min(1),
  }),
  sender: z.object({ login: z.string() }).nullish(),
});

const commentPayload = z.object({ comment: z.object({ id: z.number().int() }) });

type Payload = Readonly<Record<string, unknown>>;

/** The pull request in a payload, and its `updated_at` at the time. @throws if not even that can be read */
export function readPullRequestAt(payload: Payload): z.output<typeof pullRequest> {
  return read(pullRequest, payload['pull_request'], 'pull_request');
}

/** The submitted review in a payload; null if there is none that can be read. */
export function readReview(
  payload: Payload,
  { id, number }: { id: number; number: number },
): (PullRequestReviewRow & { pull_request_id: number }) | null {
  if (!isAsDescribed(pullRequestReviews, payload['review'])) return null;
  const row = pullRequestReviews.row.safeParse(payload['review']).data;
  if (row === undefined || row.state === 'PENDING') return null;
  return { ...row, number, pull_request_id: id };
}

/**
 * The review thread that a payload shows as resolved or unresolved, and when that was, if it says so; null if
 * there is none that can be read.
 */
export function readThread(
  payload: Payload,
  action: string | null,
  { id, number }: { id: number; number: number },
): { row: ReviewThreadRow; at: number } | null {
  const shown = threadPayload.safeParse(payload).data;
  const [first] = shown?.thread.comments ?? [];
  if (shown === undefined || first === undefined) return null;
  const resolved = action === 'resolved';
  const row = {
    id: first.in_reply_to_id ?? first.id,
    node_id: shown.thread.node_id,
    number,
    pull_request_id: id,
    path: storable(first.path),
    resolved,
    resolved_by_login: resolved && shown.sender ? storable(shown.sender.login) : null,
  };
  return { row, at: shown.updated_at };
}

/** The id of the comment that a payload shows; none if it cannot be read. */
export function readDeletedComment(payload: Payload): number[] {
  const shown = commentPayload.safeParse(payload).data;
  return shown === undefined ? [] : [shown.comment.id];
}
