import { z } from 'zod';
import { SyncError } from '../errors.ts';

/**
 * GitHub's objects, REST and webhooks alike, with only the fields that are used here: a new field or value of
 * GitHub's never makes an answer unreadable. Where REST and payloads differ (epoch seconds or ISO 8601,
 * missing or null) the schema accepts both.
 */
const time = z.union([z.string(), z.number()]).transform((value, context) => {
  const parsed = new Date(typeof value === 'number' ? value * 1000 : value);
  if (Number.isNaN(parsed.getTime())) {
    context.addIssue('is not a time');
    return z.NEVER;
  }
  return parsed.toISOString();
});
const id = z.number().int();
const optionalText = z.string().nullish();

/** `{}` and null stand for "no account" in commits; a ghost or a deleted user is null elsewhere. */
const account = z
  .object({ id, login: z.string(), type: z.string().default('User'), avatar_url: optionalText })
  .nullable()
  .catch(null);

const gitPerson = z.object({ name: optionalText, email: optionalText, date: time.nullish() }).nullish();

export const commitAnswer = z.object({
  sha: z.string(),
  commit: z.object({ message: z.string(), author: gitPerson, committer: gitPerson }),
  author: account.optional().default(null),
  parents: z.array(z.object({ sha: z.string() })),
});

const labels = z
  .array(z.union([z.string(), z.object({ name: optionalText })]))
  .default([])
  .transform((list) => list.flatMap((label) => (typeof label === 'string' ? label : (label.name ?? []))));
const assignees = z
  .array(z.object({ login: z.string() }).nullable())
  .nullish()
  .transform((list) => (list ?? []).flatMap((user) => (user === null ? [] : [user.login])));

const issueLike = {
  id,
  number: z.number().int(),
  title: z.string(),
  body: optionalText,
  /** some payloads leave it out */
  state: z.enum(['open', 'closed']).optional(),
  user: account.optional().default(null),
  labels,
  assignees,
  created_at: time,
  updated_at: time,
  closed_at: time.nullish(),
};

export const issueAnswer = z.object({
  ...issueLike,
  state_reason: optionalText,
  comments: z.number().int().default(0),
  locked: z.boolean().default(false),
  /** there for pull requests, which the issues lists hold too */
  pull_request: z.unknown().optional(),
});

const gitRef = z.object({ ref: z.string(), sha: z.string() });

export const pullRequestAnswer = z.object({
  ...issueLike,
  draft: z.boolean().nullish(),
  merged_at: time.nullish(),
  merge_commit_sha: optionalText,
  head: gitRef,
  base: gitRef,
});

export const branchAnswer = z.object({
  name: z.string(),
  commit: z.object({ sha: z.string() }),
  protected: z.boolean().default(false),
});

export const repositoryAnswer = z.object({
  id,
  node_id: z.string(),
  name: z.string(),
  full_name: z.string(),
  owner: z.object({ login: z.string() }),
  private: z.boolean(),
  visibility: z.string().optional(),
  archived: z.boolean().default(false),
  disabled: z.boolean().default(false),
  fork: z.boolean(),
  default_branch: z.string(),
  description: optionalText,
  language: optionalText,
  topics: z.array(z.string()).default([]),
  stargazers_count: z.number().int().default(0),
  forks_count: z.number().int().default(0),
  open_issues_count: z.number().int().default(0),
  has_issues: z.boolean().default(true),
  created_at: time,
  updated_at: time,
  pushed_at: time.nullish(),
});

export const installationAnswer = z.object({
  id,
  account: z.object({
    id,
    login: z.string().optional(),
    slug: z.string().optional(),
    type: z.string().optional(),
  }),
  target_type: z.string().optional(),
  repository_selection: z.string(),
  permissions: z.record(z.string(), z.string()).default({}),
  events: z.array(z.string()).default([]),
  suspended_at: time.nullish(),
  created_at: time,
});

export const repositoryListAnswer = z.object({
  total_count: z.number().int(),
  repositories: z.array(repositoryAnswer),
});

export const compareAnswer = z.object({
  status: z.enum(['ahead', 'behind', 'diverged', 'identical']),
  total_commits: z.number().int(),
  commits: z.array(commitAnswer),
});

/** @throws SyncError GITHUB_BAD_ANSWER naming the place in the answer, never its content */
export function read<T extends z.ZodType>(schema: T, data: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new SyncError('GITHUB_BAD_ANSWER', `${what}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}
