/** Growing a repository quickly, for tests and benchmarks. Nothing is delivered. */
import { headOf } from '../resources/branches/branch.ts';
import { addComment } from '../resources/issue-comments.ts';
import { addCommit } from '../resources/commits/commit.ts';
import { openIssue, closeIssue } from '../resources/issues/issue.ts';
import { addReviewComment } from '../resources/review-comments/review-comment.ts';
import { networkOf, ownerOf } from '../world/lookup.ts';
import { openPull } from '../resources/pulls/pull.ts';
import { mergePull } from '../resources/pulls/pull-merge.ts';
import { push, setBranch } from '../resources/branches/push.ts';
import { createRepository } from '../resources/repositories/repository.ts';
import type { Account, Issue, Repository } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { commitMessage, issueTitle, LABELS } from './phrases.ts';
import { teamOf } from './team.ts';
import { fromWork } from './work-time.ts';

export interface Growth {
  repository: string;
  count: number;
}

function grown(repository: Repository, count: number): Growth {
  return { repository: repository.name, count };
}

/** Commits of working days are so far apart, in seconds of work. */
const COMMIT_EVERY = 2400;

/**
 * Adds commits to the default branch by the team, an hour apart up to now, or on working days up to a time of work; every
 * twentieth is a merge of a side branch.
 */
export function growCommits(
  world: World,
  repository: Repository,
  count: number,
  until: number | null = null,
): Growth {
  return world.silently(() => {
    const team = teamOf(world);
    const network = networkOf(world, repository);
    const now = world.clock.now();
    let tip = headOf(repository, repository.defaultBranch);
    for (let at = 0; at < count; at += 1) {
      const by = world.random.pick(team);
      const ago = count - at;
      const date = until === null ? now - ago * 3600 : fromWork(until - ago * COMMIT_EVERY);
      const message = commitMessage(world.random);
      const side = tip !== null && at % 20 === 19;
      const made = addCommit(world, network, { message, author: { date } }, tip === null ? [] : [tip], by);
      const parents = side && tip !== null ? [tip, made.sha] : null;
      tip = parents
        ? addCommit(
            world,
            network,
            { message: `Merge: ${message}`, author: { date }, files: [] },
            parents,
            by,
          ).sha
        : made.sha;
    }
    if (tip !== null) setBranch(world, repository, repository.defaultBranch, tip, ownerOf(world, repository));
    return grown(repository, count);
  });
}

/** Opens issues, the older half of them closed again; some have labels, comments, somebody assigned. */
export function growIssues(world: World, repository: Repository, count: number): Growth {
  return world.silently(() => {
    const { random } = world;
    const team = teamOf(world);
    const now = world.clock.now();
    for (let at = 0; at < count; at += 1) {
      const by = random.pick(team);
      const labels = random.chance(0.6) ? [random.pick(LABELS)] : [];
      const assignees = random.chance(0.3) ? [random.pick(team).login] : [];
      const body = random.chance(0.7) ? `Seen by ${by.login}.` : null;
      const issue = openIssue(world, repository, { title: issueTitle(random), body, labels, assignees }, by);
      if (random.chance(0.3)) addComment(world, repository, issue, 'Same here.', random.pick(team));
      const opened = now - (count - at) * 1800;
      issue.createdAt = opened;
      const seen = opened + random.int(1800);
      issue.updatedAt = seen;
      if (at >= count / 2) continue;
      closeIssue(world, repository, issue, {}, by);
      // Closing it has set both of these to now.
      issue.closedAt = Math.min(now, seen + random.int(86_400));
      issue.updatedAt = issue.closedAt;
    }
    return grown(repository, count);
  });
}

/** Pull requests that grow are at most so old. */
const OLDEST_PULL = 4 * 86_400;

/**
 * Opens pull requests from branches of their own, some hours to days ago; two thirds are merged now, and their branches deleted
 * only by name.
 */
export function growPulls(world: World, repository: Repository, count: number): Growth {
  return world.silently(() => {
    const team = teamOf(world);
    if (headOf(repository, repository.defaultBranch) === null)
      push(world, repository, {}, world.random.pick(team));
    const now = world.clock.now();
    // As at GitHub the numbers are in the order of creation, those of issues before them too.
    const newest = Math.max(0, ...[...repository.issues.values()].map(({ createdAt }) => createdAt));
    const ages = Array.from(
      { length: count },
      () => 1800 + Math.floor(OLDEST_PULL * world.random.next() ** 2),
    );
    for (const [at, age] of ages.toSorted((one, other) => other - one).entries()) {
      const by = world.random.pick(team);
      const head = `topic/${repository.nextNumber}`;
      push(world, repository, { branch: head, commits: [{ message: commitMessage(world.random) }] }, by);
      const issue = openPull(world, repository, { head, title: commitMessage(world.random) }, by);
      issue.createdAt = Math.max(newest, now - age);
      if (at % 3 === 0) continue;
      mergePull(world, repository, issue, world.random.pick(team), 'squash');
      repository.refs.delete(`refs/heads/${head}`);
    }
    return grown(repository, count);
  });
}

/** Comments on an issue or pull request, or on lines of a pull request, where every fourth begins a conversation. */
export function growComments(
  world: World,
  repository: Repository,
  issue: Issue,
  count: number,
  areOnLines: boolean,
): Growth {
  return world.silently(() => {
    const team = teamOf(world);
    let first: number | undefined;
    for (let at = 0; at < count; at += 1) {
      const body = `Comment ${at + 1}: ${commitMessage(world.random)}`;
      if (!areOnLines) {
        addComment(world, repository, issue, body, world.random.pick(team));
        continue;
      }
      const answered = at % 4 === 0 || first === undefined ? {} : { inReplyTo: first };
      const { id } = addReviewComment(
        world,
        repository,
        issue,
        { body, ...answered },
        world.random.pick(team),
      );
      if (at % 4 === 0) first = id;
    }
    return grown(repository, count);
  });
}

/** Creates repositories with a few commits each. */
export function growRepositories(world: World, owner: Account, count: number, commits: number): Repository[] {
  return world.silently(() =>
    Array.from({ length: count }, () => {
      const name = `repo-${world.state.repositories.size}-${world.random.hex(4)}`;
      const repository = createRepository(world, owner, { name }, owner);
      if (commits > 0) growCommits(world, repository, commits);
      return repository;
    }),
  );
}
