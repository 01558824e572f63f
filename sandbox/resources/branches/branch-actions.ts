/** Branches, tags, pushes. */
import { z } from 'zod';
import { WorldError } from '../../world/errors.ts';
import type { Account, Repository } from '../../world/types.ts';
import { touch, type World } from '../../world/world.ts';
import { action } from '../action.ts';
import type { CommitInput } from '../commits/commit.ts';
import { by, given, repo, target } from '../inputs.ts';
import { editRepository, protectBranch } from '../repositories/repository-settings.ts';
import { showPushed } from '../show.ts';
import { branchesOf, headOf, HEADS } from './branch.ts';
import { deleteBranch, merge, push, setBranch, setTag } from './push.ts';
import { moveRef } from './ref.ts';

// Renaming branches.

/**
 * Renames a branch: the new ref is created, pull requests into it follow, a default branch stays the default under its new
 * name, and the old ref is deleted, which closes the pull requests from it ("If the renamed branch is the head branch of an
 * open pull request, this pull request is closed", docs.github.com, renaming a branch). Throws WorldError for an unknown branch
 * or a name in use.
 */
function renameBranch(world: World, repository: Repository, from: string, to: string, by: Account): void {
  const sha = headOf(repository, from);
  if (sha === null) throw new WorldError(`no branch ${from}`, 404);
  if (headOf(repository, to) !== null) throw new WorldError(`branch ${to} exists`);
  moveRef(world, repository, HEADS + to, sha, by);
  for (const number of repository.openPulls) {
    const pull = repository.issues.get(number)?.pull;
    if (pull?.baseRef === from) pull.baseRef = to;
  }
  if (repository.defaultBranch === from) editRepository(world, repository, { defaultBranch: to }, by);
  moveRef(world, repository, HEADS + from, null, by);
  touch(repository);
}

const signature = z.object({
  login: z.string().optional(),
  name: z.string().optional(),
  email: z.string().optional(),
  date: z.union([z.string(), z.number()]).optional(),
  offset: z.number().optional(),
  link: z.literal('empty').optional(),
});

const commit = z.object({
  message: z.string().optional(),
  author: signature.nullable().optional(),
  committer: signature.nullable().optional(),
  parents: z.array(z.string()).optional(),
  files: z
    .array(
      z.object({
        path: z.string(),
        status: z.enum(['added', 'removed', 'modified']).default('modified'),
        additions: z.number().default(1),
        deletions: z.number().default(0),
      }),
    )
    .optional(),
});

/** Drops what was not given, in the commit and in its signatures. */
function commitInput({ author, committer, ...rest }: z.output<typeof commit>): CommitInput {
  return {
    ...given(rest),
    ...(author !== undefined && { author: author && given(author) }),
    ...(committer !== undefined && { committer: committer && given(committer) }),
  };
}

export const branchActions = {
  push: action({
    about:
      'Push commits: a number of plain ones, or a list with authors, dates (of any year), messages and parents.',
    example: {
      repo: 'octo-sandbox/app',
      commits: [{ message: 'Fix the tentacles', author: { login: 'hubert' } }],
    },
    input: z.object({
      repo,
      branch: z.string().optional(),
      commits: z.union([z.number().int().positive(), z.array(commit)]).default(1),
      onto: z.string().nullable().optional(),
      force: z.boolean().optional(),
      by,
    }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      const { branch, onto, force } = input;
      const commits =
        typeof input.commits === 'number'
          ? Array.from({ length: input.commits }, () => ({}))
          : input.commits.map(commitInput);
      const made = push(world, repository, { ...given({ branch, onto, force }), commits }, who);
      return { repository, branch: branch ?? repository.defaultBranch, commits: made };
    },
    show: showPushed,
  }),
  forcePush: action({
    about:
      'Reset a branch to any commit: `to` a SHA or branch, or `back` a number of commits; then push `commits` on top.',
    example: { repo: 'octo-sandbox/app', back: 2, commits: 1 },
    input: z.object({
      repo,
      branch: z.string().optional(),
      to: z.string().nullable().optional(),
      back: z.number().int().optional(),
      commits: z.number().int().min(0).default(0),
      by,
    }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      const branch = input.branch ?? repository.defaultBranch;
      let onto = input.to === undefined ? headOf(repository, branch) : input.to;
      for (let step = 0; step < (input.back ?? 0) && onto !== null; step += 1) {
        const parent: string | undefined = world.state.networks.get(repository.networkId)?.commits.get(onto)
          ?.parents[0];
        onto = parent ?? onto;
      }
      if (input.commits === 0 && onto !== null) setBranch(world, repository, branch, onto, who);
      const commits = Array.from(
        { length: onto === null ? Math.max(1, input.commits) : input.commits },
        () => ({}),
      );
      const made =
        commits.length > 0 ? push(world, repository, { branch, onto, commits, force: true }, who) : [];
      return { repository, branch, commits: made };
    },
    show: showPushed,
  }),
  mergeBranches: action({
    about: 'Merge branches (or SHAs) into a branch with one merge commit; several make an octopus merge.',
    example: { repo: 'octo-sandbox/app', from: ['release'] },
    input: z.object({
      repo,
      into: z.string().optional(),
      from: z.array(z.string()),
      message: z.string().optional(),
      by,
    }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      const branch = input.into ?? repository.defaultBranch;
      const message = input.message ?? `Merge ${input.from.join(', ')} into ${branch}`;
      return { repository, branch, commits: [merge(world, repository, branch, input.from, who, message)] };
    },
    show: showPushed,
  }),
  createBranch: action({
    about: 'Create a branch at a SHA or another branch.',
    example: { repo: 'octo-sandbox/app', branch: 'feature' },
    input: z.object({ repo, branch: z.string(), from: z.string().optional(), by }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      setBranch(world, repository, input.branch, input.from ?? repository.defaultBranch, who);
      return { repository, branch: input.branch, commits: [] };
    },
    show: showPushed,
  }),
  deleteBranch: action({
    about: 'Delete a branch; pull requests from it or into it are closed.',
    example: { repo: 'octo-sandbox/app', branch: 'release' },
    input: z.object({ repo, branch: z.string(), by }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      deleteBranch(world, repository, input.branch, who);
      return branchesOf(repository);
    },
  }),
  renameBranch: action({
    about: 'Rename a branch; the default branch stays the default.',
    example: { repo: 'octo-sandbox/app', from: 'main', to: 'trunk' },
    input: z.object({ repo, from: z.string(), to: z.string(), by }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      renameBranch(world, repository, input.from, input.to, who);
      return branchesOf(repository);
    },
  }),
  protectBranch: action({
    about: 'Protect or unprotect a branch.',
    example: { repo: 'octo-sandbox/app', branch: 'main', protected: true },
    input: z.object({ repo, branch: z.string(), protected: z.boolean().default(true) }),
    run: ({ world }, input) => {
      const { repository } = target(world, input);
      protectBranch(repository, input.branch, input.protected);
      return branchesOf(repository);
    },
  }),
  pushTags: action({
    about:
      'Create, move or (with null) delete tags in one push, annotated ones with a `message`; for more than three at once GitHub sends no event.',
    example: { repo: 'octo-sandbox/app', tags: { 'v1.0.0': 'main' } },
    input: z.object({
      repo,
      tags: z.record(z.string(), z.string().nullable()),
      message: z.string().optional(),
      by,
    }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      const tags = Object.entries(input.tags);
      const set = () => {
        for (const [tag, at] of tags) setTag(world, repository, tag, at, who, input.message);
      };
      if (tags.length > 3) world.silently(set);
      else set();
      return input.tags;
    },
  }),
};
