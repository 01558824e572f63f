import { z } from 'zod';
import type { Account } from '../model.ts';
import { sortedSet, storable, storableOrNull } from '../text.ts';
import { boundedTime, storableTime } from './time.ts';

/**
 * Fields that GitHub's objects have in common, read as our columns hold them. REST and webhooks alike, so that where they
 * differ (epoch seconds or ISO 8601, missing or null) both are accepted. A new field or value of GitHub's never
 * makes an answer unreadable.
 */

/** A time that a row cannot do without: where it cannot be kept, the first or last one that can. */
export const time = z.union([z.string(), z.number()]).transform((value, context) => {
  const kept = boundedTime(value);
  if (kept === null) {
    context.addIssue('is not a time');
    return z.NEVER;
  }
  return kept;
});

/** A time that a row can do without: null where it cannot be kept, undefined where none is given. */
export const timeIfAny = z
  .union([z.string(), z.number()])
  .nullish()
  .catch(null)
  .transform((value) =>
    typeof value === 'string' || typeof value === 'number' ? storableTime(value) : value,
  );

export const timeOrNull = timeIfAny.transform((value) => value ?? null);

export const id = z.number().int();

/** What PostgreSQL's `int` holds. */
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

/** Of a column that only some answers show: undefined where this one does not. */
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

/** A text of which GitHub answers null or '' for the same absence. */
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

/** `{}` and null stand for "no account"; a commit has an address beside it, so that any other account will do too. */
export const linkedAccount = account
  .nullish()
  .catch(null)
  .transform((value) => value ?? null);

/** Who wrote something. A deleted account is null, or the ghost. */
export const author = z
  .union([account, z.strictObject({}).transform(() => null)])
  .nullish()
  .transform((value) => value ?? null);

/** The account that GitHub shows for deleted ones, nobody in particular. Its id is another one on each server. */
const GHOST = 'ghost';
const accountTypes = ['User', 'Bot', 'Organization', 'Mannequin'] as const;

/** An account as the people's table needs it; null for none, and for the ghost. */
export function accountOf(user: AccountAnswer): Account | null {
  if (user === null || user.login.toLowerCase() === GHOST) return null;
  return {
    github_id: user.id,
    login: storable(user.login),
    type: accountTypes.find((type) => type === user.type) ?? 'User',
    avatar_url: storableOrNull(user.avatar_url),
  };
}

/** `author` and `author_login` of a row; a deleted account is shown as the ghost by REST, as null elsewhere. */
export function authorOf(user: AccountAnswer): { author: Account | null; author_login: string } {
  return { author: accountOf(user), author_login: user === null ? GHOST : storable(user.login) };
}

/** The logins of a list of accounts, sorted by code point. */
export const logins = z
  .array(z.object({ login: z.string() }).nullable())
  .nullish()
  .transform((list) => sortedSet((list ?? []).flatMap((user) => (user === null ? [] : [user.login]))));

/** The login of an account; null for none, undefined where it is not shown. */
export const loginIfShown = z
  .object({ login: z.string() })
  .nullish()
  .catch(undefined)
  .transform((user) => (user ? storable(user.login) : user));

/** The logins of a list of accounts, as `logins`; undefined where it is not shown. */
export const loginsIfShown = z
  .unknown()
  .optional()
  .transform((list) => (list === undefined ? undefined : logins.safeParse(list).data));

/** The number at the end of the URL of an issue or pull request, by which REST names the parent of a comment. */
export const numberInUrl = z.string().transform((url, context) => {
  const found = Number(/\/(\d+)$/.exec(url)?.[1]);
  if (Number.isInteger(found) && found <= INT.max) return found;
  context.addIssue('does not end with a number');
  return z.NEVER;
});

/** The names of the labels that an issue or pull request bears, sorted by code point. */
export const labelNames = z
  .array(z.union([z.string(), z.object({ name: z.string().nullish() })]))
  .nullish()
  .transform((list) =>
    sortedSet((list ?? []).flatMap((label) => (typeof label === 'string' ? label : (label.name ?? [])))),
  );
