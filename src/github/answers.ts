import { z } from 'zod';
import { SyncError } from '../errors.ts';
import { boundedTime, storableTime } from './time.ts';

/**
 * GitHub's objects, REST and webhooks alike, with only the fields that are used here: a new field or value of
 * GitHub's never makes an answer unreadable. Where REST and payloads differ (epoch seconds or ISO 8601,
 * missing or null) the schema accepts both.
 */
const time = z.union([z.string(), z.number()]).transform((value, context) => {
  const kept = boundedTime(value);
  if (kept === null) {
    context.addIssue('is not a time');
    return z.NEVER;
  }
  return kept;
});
/** A time that a row can do without: null where it cannot be kept, undefined where none is given. */
const timeOrNull = z
  .union([z.string(), z.number()])
  .nullish()
  .catch(null)
  .transform((value) =>
    typeof value === 'string' || typeof value === 'number' ? storableTime(value) : value,
  );
const id = z.number().int();
/** What PostgreSQL's `int` holds. */
const INT = { min: -(2 ** 31), max: 2 ** 31 - 1 };
const number = z.number().int().min(0).max(INT.max);
const count = z
  .number()
  .int()
  .nullish()
  .transform((value) => Math.min(INT.max, Math.max(INT.min, value ?? 0)));
const optionalText = z.string().nullish();
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

const account = z.object({
  id,
  login: z.string(),
  type: z
    .string()
    .nullish()
    .transform((type) => type ?? 'User'),
  avatar_url: optionalText,
});
/** `{}` and null stand for "no account"; a commit has an address beside it, so that any other account will do too. */
const linkedAccount = account.nullish().catch(null).transform(orNull);
/** A deleted user is null, or the ghost. */
const author = z
  .union([account, z.strictObject({}).transform(() => null)])
  .nullish()
  .transform(orNull);

/** A commit is had by its SHA and its parents: an oddity in what git never checked is left out. */
const oddText = optionalText.catch(null);
const gitPerson = z.object({ name: oddText, email: oddText, date: timeOrNull }).nullish().catch(null);

export const commitAnswer = z.object({
  sha: z.string(),
  commit: z.object({
    message: oddText.transform((text) => text ?? ''),
    author: gitPerson,
    committer: gitPerson,
  }),
  author: linkedAccount,
  parents: z.array(z.object({ sha: z.string() })),
});

const labels = z
  .array(z.union([z.string(), z.object({ name: optionalText })]))
  .nullish()
  .transform((list) =>
    (list ?? []).flatMap((label) => (typeof label === 'string' ? label : (label.name ?? []))),
  );
const assignees = z
  .array(z.object({ login: z.string() }).nullable())
  .nullish()
  .transform((list) => (list ?? []).flatMap((user) => (user === null ? [] : [user.login])));

const issueLike = {
  id,
  number,
  title: z.string(),
  body: optionalText,
  /** some payloads leave it out */
  state: z.enum(['open', 'closed']).optional(),
  user: author,
  labels,
  assignees,
  created_at: time,
  updated_at: time,
  closed_at: timeOrNull,
};

export const issueAnswer = z.object({
  ...issueLike,
  state_reason: optionalText,
  comments: count,
  locked: flag,
  /** there for pull requests, which the issues lists hold too */
  pull_request: z.unknown().optional(),
});

const gitRef = z.object({ ref: z.string(), sha: z.string() });

export const pullRequestAnswer = z.object({
  ...issueLike,
  draft: z.boolean().nullish(),
  merged_at: timeOrNull,
  merge_commit_sha: optionalText,
  head: gitRef,
  base: gitRef,
});

export const branchAnswer = z.object({
  name: z.string(),
  commit: z.object({ sha: z.string() }),
  protected: flag,
});

export const repositoryAnswer = z.object({
  id,
  node_id: z.string(),
  name: z.string(),
  full_name: z.string(),
  owner: z.object({ login: z.string() }),
  private: z.boolean(),
  visibility: optionalText,
  archived: flag,
  disabled: flag,
  fork: z.boolean(),
  default_branch: z.string(),
  description: optionalText,
  language: optionalText,
  topics: z
    .array(z.string())
    .nullish()
    .transform((list) => list ?? []),
  stargazers_count: count,
  forks_count: count,
  open_issues_count: count,
  has_issues: z.boolean().default(true),
  has_pull_requests: z.boolean().default(true),
  created_at: time,
  updated_at: time,
  pushed_at: timeOrNull,
});

export const installationAnswer = z.object({
  id,
  /** null, or an Enterprise, which has a slug and no login (OpenAPI `installation`) */
  account: z
    .object({ id, login: optionalText, slug: optionalText, type: optionalText })
    .nullish()
    .transform(orNull),
  target_id: id.nullish(),
  target_type: optionalText,
  repository_selection: z.string(),
  permissions: z
    .record(z.string(), z.string())
    .nullish()
    .transform((given) => given ?? {}),
  events: z
    .array(z.string())
    .nullish()
    .transform((list) => list ?? []),
  suspended_at: time.nullish(),
  created_at: time,
});

export const repositoryListAnswer = z.object({
  total_count: z.number().int(),
  repositories: z.array(z.unknown()),
});

export const compareAnswer = z.object({
  status: z.enum(['ahead', 'behind', 'diverged', 'identical']),
  total_commits: z.number().int(),
  commits: z.array(z.unknown()),
});

/** @throws SyncError GITHUB_BAD_ANSWER naming the place in the answer, never its content */
export function read<T extends z.ZodType>(schema: T, data: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new SyncError('GITHUB_BAD_ANSWER', `${what}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}

function orNull<T>(value: T | null | undefined): T | null {
  return value ?? null;
}
