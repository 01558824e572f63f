import { z } from 'zod';

/**
 * What GitHub's schema says of fields that payloads show (https://docs.github.com/webhooks/webhook-events-and-payloads). They are
 * checked, not read: an answer to a question is taken as far as it can be read, since nobody else can be asked; a payload
 * that shows what GitHub never sends is doubted as a whole, and GitHub is asked.
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

/** `COLLABORATOR`, `NONE`, …: a new one is as good. */
export const association = z.string().regex(/^[A-Z_]+$/);

/** Null: a deleted account. */
export const account = z
  .object({ login: text, id, type: text, avatar_url: z.string().regex(/^https?:\/\//) })
  .nullable();

const labels = z.array(z.object({ name: text }));
const milestone = z.object({ id }).nullable();

/** What issues, pull requests and milestones have in common: it is closed as of a time, or open. */
export function isOpenOrClosed({ state, closed_at }: { state: string; closed_at: unknown }): boolean {
  return state === 'closed' ? closed_at !== null : state === 'open' && closed_at === null;
}

/** What payloads show of issues and of pull requests alike. */
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
