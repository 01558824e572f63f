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
      'Freeze the world’s clock (now, or at epoch seconds), advance it, let it run again; skew the clock that tokens go by.',
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
      'How often something happens by itself, in milliseconds; 0 for never. `once` makes one thing happen now.',
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
    about: 'Many commits at once, by the team, told to nobody.',
    example: { repo: 'octo-sandbox/app', count: 1000 },
    input: z.object({ repo, count, by }),
    run: ({ world }, input) => growCommits(world, target(world, input).repository, input.count),
  }),
  growIssues: action({
    about: 'Many issues at once, told to nobody.',
    example: { repo: 'octo-sandbox/app', count: 1000 },
    input: z.object({ repo, count, by }),
    run: ({ world }, input) => growIssues(world, target(world, input).repository, input.count),
  }),
  growPulls: action({
    about: 'Many pull requests at once, told to nobody.',
    example: { repo: 'octo-sandbox/app', count: 100 },
    input: z.object({ repo, count, by }),
    run: ({ world }, input) => growPulls(world, target(world, input).repository, input.count),
  }),
  growComments: action({
    about:
      'Many comments at once on an issue or pull request, or on lines of a pull request, told to nobody.',
    example: { repo: 'octo-sandbox/app', number: 2, count: 100, lines: true },
    input: z.object({ repo, number, count, lines: z.boolean().default(false), by }),
    run: ({ world }, input) => {
      const { repository, issue } = issueTarget(world, input);
      return growComments(world, repository, issue, input.count, input.lines);
    },
  }),
  growRepositories: action({
    about: 'Many repositories at once, each with a few commits, told to nobody.',
    example: { owner: 'octo-sandbox', count: 100 },
    input: z.object({ owner: z.string(), count, commits: z.number().int().min(0).default(3) }),
    run: ({ world }, input) =>
      growRepositories(world, needAccount(world, input.owner), input.count, input.commits).map(
        ({ id }) => id,
      ),
  }),
  limitLists: action({
    about:
      'How many `rows` of a list of comments or releases can be paged through before 422 (GitHub’s 30,000 and 10,000 when null), and from which of its `pages` on a list of issues takes cursors only (100 when null).',
    example: { rows: 1000 },
    input: z.object({ rows: count.nullable().optional(), pages: count.nullable().optional() }),
    run: ({ world }, limits) => limitLists(world, limits),
  }),
  resetStats: action({
    about: 'Forget the requests counted so far.',
    example: {},
    input: z.object({}),
    run: ({ journal }) => journal.reset(),
  }),
};
