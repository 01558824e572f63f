import { z } from 'zod';

/**
 * The parts of GitHub's schema for fields in payloads
 * (https://docs.github.com/webhooks/webhook-events-and-payloads). They validate rather than read: an answer to
 * a request is read as far as possible, because nobody else can be asked; but a payload with something that
 * GitHub never sends is not trusted at all, and GitHub is asked.
 */

export const text = z.string().min(1);
export const textOrNull = z.string().nullable();
export const flag = z.boolean();
export const count = z.number().int().min(0);
export const id = z.number().int().min(1);

export const time = z.iso.datetime({ offset: true });
export const timeOrNull = time.nullable();

/** SHA-1 or SHA-256, in hexadecimal. */
export const sha = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/);

/** `COLLABORATOR`, `NONE`, …: new values are accepted. */
export const association = z.string().regex(/^[A-Z_]+$/);

/** Null for a deleted account. */
export const account = z
  .object({ login: text, id, type: text, avatar_url: z.string().regex(/^https?:\/\//) })
  .nullable();

const labels = z.array(z.object({ name: text }));
const milestone = z.object({ id }).nullable();

/** What issues, pull requests and milestones have in common: closed at some time, or open. */
export function isOpenOrClosed({ state, closed_at }: { state: string; closed_at: unknown }): boolean {
  return state === 'closed' ? closed_at !== null : state === 'open' && closed_at === null;
}

/** What payloads show for both issues and pull requests. */
export const issuePayload = {
  title: text,
  body: textOrNull,
  state: text,
  user: account,
  labels,
  assignees: z.array(account),
  milestone,
  author_association: association,
  created_at: time,
  updated_at: time,
  closed_at: timeOrNull,
};
