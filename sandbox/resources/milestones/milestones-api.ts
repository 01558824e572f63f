/** Milestones by REST, GraphQL and the control API. */
import { z } from 'zod';
import { action } from '../../control/action.ts';
import { by, given, issueTarget, number, repo, target } from '../../control/inputs.ts';
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import { actorNode } from '../repositories/related-repository.ts';
import { demandOneOf, type Reading } from '../../graphql/viewer.ts';
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { choice } from '../../http/choice.ts';
import { notFound } from '../../http/http-error.ts';
import { paged } from '../../http/paging.ts';
import { HTML, type Context, type Json } from '../../world/context.ts';
import { iso, isoOrNull, parseTime } from '../../world/clock.ts';
import { WorldError } from '../../world/errors.ts';
import { fullName } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Repository } from '../../world/types.ts';
import type { World } from '../../world/world.ts';
import {
  createMilestone,
  deleteMilestone,
  editMilestone,
  issuesOf,
  milestoneShape,
  setMilestone,
  setMilestoneState,
  type Milestone,
} from './milestones.ts';

function needMilestone(repository: Repository, wanted: number): Milestone {
  const found = byNumber(repository, wanted);
  if (!found) throw new WorldError(`no milestone ${wanted}`, 404);
  return found;
}

function byNumber(repository: Repository, wanted: number): Milestone | null {
  return [...repository.milestones.values()].find((one) => one.number === wanted) ?? null;
}

/** Only open ones unless asked otherwise, those due first before those due later or never. */
function list(call: RepositoryCall): Answer {
  const { context, repository, query, base } = call;
  const state = choice(query, 'state', ['open', 'closed', 'all'], 'open');
  const sort = choice(query, 'sort', ['due_on', 'completeness'], 'due_on');
  const sign = choice(query, 'direction', ['asc', 'desc'], 'asc') === 'asc' ? 1 : -1;
  const done = (one: Milestone): number => {
    const issues = issuesOf(context.world, repository, one);
    return issues.filter((issue) => issue.state === 'closed').length / Math.max(1, issues.length);
  };
  const key = (one: Milestone) =>
    sort === 'completeness' ? done(one) : (one.dueOn ?? Number.MAX_SAFE_INTEGER);
  const all = [...repository.milestones.values()]
    .filter((one) => state === 'all' || one.state === state)
    .sort((a, b) => sign * (key(a) - key(b)) || a.number - b.number);
  const { items, headers } = paged(call, base, all);
  return { headers, body: items.map((one) => milestoneShape(context, repository, one)) };
}

function get({ context, repository, params }: RepositoryCall): Answer {
  const milestone = byNumber(repository, Number(params['number']));
  if (!milestone) throw notFound();
  return { body: milestoneShape(context, repository, milestone) };
}

export const milestoneRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/milestones', permission: 'issues_or_pulls', handler: list },
  { method: 'GET', path: '/milestones/:number', permission: 'issues_or_pulls', handler: get },
];

interface MilestoneArgs extends PageArgs {
  states?: readonly string[] | null;
  orderBy?: { field: 'CREATED_AT' | 'DUE_DATE' | 'NUMBER' | 'UPDATED_AT'; direction: 'ASC' | 'DESC' } | null;
  query?: string | null;
}

const ORDERS: Record<string, (milestone: Milestone) => number> = {
  CREATED_AT: (one) => one.createdAt,
  DUE_DATE: (one) => one.dueOn ?? Number.MAX_SAFE_INTEGER,
  NUMBER: (one) => one.number,
  UPDATED_AT: (one) => one.updatedAt,
};

/** `milestone` and `milestones` of a `Repository`. */
export function milestoneFields(viewer: Reading, repository: Repository): Json {
  return {
    milestone: (args: { number: number }) => {
      const milestone = byNumber(repository, args.number);
      return milestone && milestoneNode(viewer, repository, milestone);
    },
    milestones: (args: MilestoneArgs) => {
      demandOneOf(viewer, repository, ['issues', 'pull_requests']);
      const { states, orderBy, query } = args;
      const key = ORDERS[orderBy?.field ?? 'NUMBER'] ?? ((one: Milestone) => one.number);
      const sign = orderBy?.direction === 'DESC' ? -1 : 1;
      const items = [...repository.milestones.values()]
        .filter((one) => !states || states.includes(one.state.toUpperCase()))
        .filter((one) => one.title.toLowerCase().includes(query?.toLowerCase() ?? ''))
        .sort((a, b) => sign * (key(a) - key(b) || a.number - b.number));
      const node = (one: Milestone) => milestoneNode(viewer, repository, one);
      return connection(args, { items, order: byPosition, node });
    },
  };
}

/** `Milestone`. */
export function milestoneNode(viewer: Reading, repository: Repository, milestone: Milestone): Json {
  const { world } = viewer.context;
  const path = `/${fullName(world, repository)}/milestone/${milestone.number}`;
  const issues = issuesOf(world, repository, milestone);
  const closed = issues.filter(({ state }) => state === 'closed').length;
  const items = (pulls: boolean) => (args: PageArgs) =>
    connection(args, {
      items: issues.filter(({ pull }) => (pull !== null) === pulls),
      order: byPosition,
      node: (issue) => viewer.show.item(repository, issue),
    });
  return {
    __typename: 'Milestone',
    id: nodeId('milestone', milestone.id, repository.id),
    number: milestone.number,
    title: milestone.title,
    description: milestone.description,
    state: milestone.state.toUpperCase(),
    closed: milestone.state === 'closed',
    createdAt: iso(milestone.createdAt),
    updatedAt: iso(milestone.updatedAt),
    closedAt: isoOrNull(milestone.closedAt),
    dueOn: isoOrNull(milestone.dueOn),
    progressPercentage: issues.length === 0 ? 0 : (100 * closed) / issues.length,
    creator: () => actorNode(viewer, milestone.creatorId),
    url: HTML + path,
    resourcePath: path,
    repository: () => viewer.show.repository(repository),
    issues: items(false),
    pullRequests: items(true),
  };
}

const one = { repo, number, by };
const example = { repo: 'octo-sandbox/app', number: 1 };
const dueOn = z.string().nullable().optional();

/** What `dueOn` says in epoch seconds, where it was given. */
function due(text: string | null | undefined): number | null | undefined {
  return typeof text === 'string' ? parseTime(text) : text;
}

/** The milestone of an input, with its repository and who acts. */
function milestoneTarget(world: World, input: z.output<z.ZodObject<typeof one>>) {
  const found = target(world, input);
  return { ...found, milestone: needMilestone(found.repository, input.number) };
}

function show(context: Context, { repository, milestone }: ReturnType<typeof milestoneTarget>): Json {
  return milestoneShape(context, repository, milestone);
}

export const milestoneActions = {
  createMilestone: action({
    about: 'Create a milestone.',
    example: { repo: 'octo-sandbox/app', title: 'Ink-free', dueOn: '2027-01-31T08:00:00Z' },
    input: z.object({ repo, title: z.string(), description: z.string().nullable().optional(), dueOn, by }),
    run: ({ world }, { title, description, dueOn: text, ...input }) => {
      const found = target(world, input);
      const fields = { title, ...given({ description, dueOn: due(text) }) };
      return { ...found, milestone: createMilestone(world, found.repository, fields, found.who) };
    },
    show,
  }),
  editMilestone: action({
    about: 'Change a milestone’s title, description or due date, or close or open it.',
    example: { ...example, title: 'Inkless', state: 'closed' as const },
    input: z.object({
      ...one,
      title: z.string().optional(),
      description: z.string().nullable().optional(),
      dueOn,
      state: z.enum(['open', 'closed']).optional(),
    }),
    run: ({ world }, { title, description, dueOn: text, state, ...input }) => {
      const found = milestoneTarget(world, input);
      const { repository, milestone, who } = found;
      editMilestone(world, repository, milestone, given({ title, description, dueOn: due(text) }), who);
      if (state) setMilestoneState(world, repository, milestone, state, who);
      return found;
    },
    show,
  }),
  deleteMilestone: action({
    about: 'Delete a milestone; its issues keep their updated_at.',
    example,
    input: z.object(one),
    run: ({ world }, input) => {
      const found = milestoneTarget(world, input);
      deleteMilestone(world, found.repository, found.milestone, found.who);
      return found;
    },
    show,
  }),
  setMilestone: action({
    about: 'Put an issue or pull request into a milestone (by its number), or at null into none.',
    example: { ...example, milestone: 1 },
    input: z.object({ ...one, milestone: number.nullable() }),
    run: ({ world }, { milestone, ...input }) => {
      const { repository, issue, who } = issueTarget(world, input);
      const into = milestone === null ? null : needMilestone(repository, milestone);
      setMilestone(world, repository, issue, into, who);
      return { repository, milestone: into };
    },
    show: (context, { repository, milestone }) =>
      milestone ? milestoneShape(context, repository, milestone) : {},
  }),
};
