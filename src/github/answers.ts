import { z } from 'zod';
import { SyncError } from '../errors.ts';
import { count, flag, id, linkedAccount, time, timeIfAny } from '../entities/fields.ts';

/**
 * GitHub's objects other than the described kinds (`src/entities`), with only the fields that are used here.
 */

/**
 * Only the SHA and the parents of a commit are essential: odd values in what git never checked are left out.
 */
const optionalText = z.string().nullish();
const oddText = optionalText.catch(null);
const gitPerson = z.object({ name: oddText, email: oddText, date: timeIfAny }).nullish().catch(null);

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

/** A commit as a Git object, which contains no accounts. */
export const gitCommitAnswer = commitAnswer.shape.commit
  .extend({ sha: commitAnswer.shape.sha, parents: commitAnswer.shape.parents })
  .transform(({ sha, parents, ...commit }) => ({ sha, parents, commit, author: null }));

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
  pushed_at: timeIfAny,
});

/** If anything but the id is odd, it counts as not shown: the repositories can still be requested. */
export const installationAnswer = z.object({
  id,
  /** null, or an Enterprise, which has a slug and no login (OpenAPI `installation`) */
  account: z
    .object({ id, login: optionalText, slug: optionalText, type: optionalText })
    .nullish()
    .catch(null)
    .transform(orNull),
  target_id: id.nullish().catch(null),
  target_type: optionalText.catch(null),
  repository_selection: z.string().catch(''),
  // Odd entries are none of the required permissions: the others are read as they are.
  permissions: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((given) =>
      Object.fromEntries(
        Object.entries(given ?? {}).flatMap(([name, level]) =>
          typeof level === 'string' ? [[name, level]] : [],
        ),
      ),
    ),
  events: z
    .array(z.unknown())
    .nullish()
    .transform((list) => (list ?? []).filter((name) => typeof name === 'string')),
  suspended_at: timeIfAny,
  created_at: time.catch(''),
});

export const repositoryListAnswer = z.object({
  /** only a hint: whatever it says, missing objects are requested individually */
  total_count: z.number().int().nullish().catch(null),
  repositories: z.array(z.unknown()),
});

export const compareAnswer = z.object({
  status: z.enum(['ahead', 'behind', 'diverged', 'identical']),
  total_commits: z.number().int(),
  // a count that is used if present, but not required
  behind_by: z.number().int().nullish().catch(null),
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
