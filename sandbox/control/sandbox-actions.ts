/** The clock, the life of the team, bulk growth, and what was asked of the sandbox. */
import { z } from 'zod';
import { growComments, growCommits, growIssues, growPulls, growRepositories } from '../seed/bulk.ts';
import { limitLists } from '../http/page-limit.ts';
import { needAccount } from '../world/lookup.ts';
import { actionsOn } from '../resources/action.ts';
import { by, issueTarget, number, repo, target } from '../resources/inputs.ts';
import type { SandboxParts } from '../sandbox-parts.ts';

const action = actionsOn<SandboxParts>();

const count = z.number().int().positive();

export const sandboxActions = {
  clock: action({
    about:
      'Freeze the world’s clock (now, or at epoch seconds), advance it, let it run again; skew the clock used for tokens.',
    example: { freeze: true },
    input: z.object({
      freeze: z.union([z.boolean(), z.number()]).optional(),
      advance: z.number().optional(),
      run: z.boolean().optional(),
      skewMs: z.number().optional(),
    }),
    run: ({ world: { clock } }, input) => {
      if (input.run) clock.run();
      if (input.freeze === true) clock.freeze();
      if (typeof input.freeze === 'number') clock.freeze(input.freeze);
      if (input.advance !== undefined) clock.advance(input.advance);
      if (input.skewMs !== undefined) clock.skew(input.skewMs);
      return { now: clock.now(), wall: clock.wall() };
    },
  }),
  life: action({
    about:
      'Set how often something happens by itself, in milliseconds; 0 for never. `once` makes one thing happen now.',
    example: { everyMs: 5000 },
    input: z.object({ everyMs: z.number().min(0).optional(), once: z.boolean().optional() }),
    run: ({ life }, { everyMs, once }) => {
      if (everyMs !== undefined) {
        life.stop();
        if (everyMs > 0) life.start(everyMs);
      }
      return { happened: once ? life.live() : null };
    },
  }),
  growCommits: action({
    about: 'Add many commits by the team at once, without deliveries.',
    example: { repo: 'octo-sandbox/app', count: 1000 },
    input: z.object({ repo, count, by }),
    run: ({ world }, input) => growCommits(world, target(world, input).repository, input.count),
  }),
  growIssues: action({
    about: 'Add many issues at once, without deliveries.',
    example: { repo: 'octo-sandbox/app', count: 1000 },
    input: z.object({ repo, count, by }),
    run: ({ world }, input) => growIssues(world, target(world, input).repository, input.count),
  }),
  growPulls: action({
    about: 'Add many pull requests at once, without deliveries.',
    example: { repo: 'octo-sandbox/app', count: 100 },
    input: z.object({ repo, count, by }),
    run: ({ world }, input) => growPulls(world, target(world, input).repository, input.count),
  }),
  growComments: action({
    about:
      'Add many comments at once to an issue or pull request, or to lines of a pull request, without deliveries.',
    example: { repo: 'octo-sandbox/app', number: 2, count: 100, lines: true },
    input: z.object({ repo, number, count, lines: z.boolean().default(false), by }),
    run: ({ world }, input) => {
      const { repository, issue } = issueTarget(world, input);
      return growComments(world, repository, issue, input.count, input.lines);
    },
  }),
  growRepositories: action({
    about: 'Add many repositories with a few commits each at once, without deliveries.',
    example: { owner: 'octo-sandbox', count: 100 },
    input: z.object({ owner: z.string(), count, commits: z.number().int().min(0).default(3) }),
    run: ({ world }, input) =>
      growRepositories(world, needAccount(world, input.owner), input.count, input.commits).map(
        ({ id }) => id,
      ),
  }),
  limitLists: action({
    about:
      'Set how many `rows` of a list of comments or releases can be paged before 422 (null: GitHub’s 30,000 and 10,000), and from which of its `pages` on a list of issues accepts only cursors (null: 100).',
    example: { rows: 1000 },
    input: z.object({ rows: count.nullable().optional(), pages: count.nullable().optional() }),
    run: ({ world }, limits) => limitLists(world, limits),
  }),
  resetStats: action({
    about: 'Reset the counts of requests.',
    example: {},
    input: z.object({}),
    run: ({ journal }) => journal.reset(),
  }),
};
