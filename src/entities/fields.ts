import { z } from 'zod';
import type { Account } from '../model.ts';
import { sortedSet, storable, storableOrNull } from '../text.ts';
import { boundedTime, storableTime } from '../time.ts';

/**
 * Fields that many of GitHub's objects share, read into the form of our columns. They accept both REST and
 * webhooks where the two differ (epoch seconds or ISO 8601, missing or null). A new field or value never makes
 * an answer unreadable.
 */

/** A required time: if it cannot be stored, the first or last time that can. */
export const time = z.union([z.string(), z.number()]).transform((value, context) => {
  const kept = boundedTime(value);
  if (kept === null) {
    context.addIssue('is not a time');
    return z.NEVER;
  }
  return kept;
});

/** An optional time: null if it cannot be stored, undefined if it is absent. */
export const timeIfAny = z
  .union([z.string(), z.number()])
  .nullish()
  .catch(null)
  .transform((value) =>
    typeof value === 'string' || typeof value === 'number' ? storableTime(value) : value,
  );

export const timeOrNull = timeIfAny.transform((value) => value ?? null);

export const id = z.number().int();

/** The range of PostgreSQL's `int`. */
const INT = { min: -(2 ** 31), max: 2 ** 31 - 1 };

/** The number of an issue, pull request or milestone. */
export const number = z.number().int().min(0).max(INT.max);

export const count = z
  .number()
  .int()
  .nullish()
  .transform((value) => Math.min(INT.max, Math.max(INT.min, value ?? 0)));

export const intOrNull = z
  .number()
  .int()
  .nullish()
  .catch(null)
  .transform((value) => (typeof value === 'number' ? Math.min(INT.max, value) : null));

/** For a column that only some answers contain: undefined if this one does not. */
export const countIfShown = z
  .number()
  .int()
  .nullish()
  .catch(undefined)
  .transform((value) => (typeof value === 'number' ? Math.min(INT.max, value) : value));

export const flagIfShown = z.boolean().optional().catch(undefined);

export const textIfShown = z
  .string()
  .nullish()
  .catch(undefined)
  .transform((value) => (typeof value === 'string' ? storable(value) : value));

export const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

export const text = z.string().transform(storable);

export const textOrNull = z
  .string()
  .nullish()
  .transform((value) => storableOrNull(value));

/** A text for whose absence GitHub answers null or ''. */
export const body = z
  .string()
  .nullish()
  .transform((value) => (value ? storable(value) : null));

const account = z.object({
  id,
  login: z.string(),
  type: z
    .string()
    .nullish()
    .transform((type) => type ?? 'User'),
  avatar_url: z.string().nullish(),
});

type AccountAnswer = z.output<typeof account> | null;

/**
 * `{}` and null mean "no account"; a commit also has an e-mail address, so an unreadable account is acceptable
 * there.
 */
export const linkedAccount = account
  .nullish()
  .catch(null)
  .transform((value) => value ?? null);

/** The author. A deleted account is null, or the ghost. */
export const author = z
  .union([account, z.strictObject({}).transform(() => null)])
  .nullish()
  .transform((value) => value ?? null);

/** The account that GitHub shows for deleted ones; it is nobody. Its id differs on each server. */
const GHOST = 'ghost';
const accountTypes = ['User', 'Bot', 'Organization', 'Mannequin'] as const;

/** An account as the `contributors` table needs it; null for none, and for the ghost. */
export function accountOf(user: AccountAnswer): Account | null {
  if (user === null || user.login.toLowerCase() === GHOST) return null;
  return {
    github_id: user.id,
    login: storable(user.login),
    type: accountTypes.find((type) => type === user.type) ?? 'User',
    avatar_url: storableOrNull(user.avatar_url),
  };
}

/** `author` and `author_login` of a row; REST shows a deleted account as the ghost, GraphQL as null. */
export function authorOf(user: AccountAnswer): { author: Account | null; author_login: string } {
  return { author: accountOf(user), author_login: user === null ? GHOST : storable(user.login) };
}

/** The logins in a list of accounts, sorted by code point. */
export const logins = z
  .array(z.object({ login: z.string() }).nullable())
  .nullish()
  .transform((list) => sortedSet((list ?? []).flatMap((user) => (user === null ? [] : [user.login]))));

/** The login of an account; null for none, undefined if it is not shown. */
export const loginIfShown = z
  .object({ login: z.string() })
  .nullish()
  .catch(undefined)
  .transform((user) => (user ? storable(user.login) : user));

/** The logins in a list of accounts, like `logins`; undefined if the list is not shown. */
export const loginsIfShown = z
  .unknown()
  .optional()
  .transform((list) => (list === undefined ? undefined : logins.safeParse(list).data));

/**
 * The number at the end of the URL of an issue or pull request, which is how REST refers to the parent of a
 * comment.
 */
export const numberInUrl = z.string().transform((url, context) => {
  const found = Number(/\/(\d+)$/.exec(url)?.[1]);
  if (Number.isInteger(found) && found <= INT.max) return found;
  context.addIssue('does not end with a number');
  return z.NEVER;
});

/** The names of the labels on an issue or pull request, sorted by code point. */
export const labelNames = z
  .array(z.union([z.string(), z.object({ name: z.string().nullish() })]))
  .nullish()
  .transform((list) =>
    sortedSet((list ?? []).flatMap((label) => (typeof label === 'string' ? label : (label.name ?? [])))),
  );
