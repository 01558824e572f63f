/** Milestones in the control API, by REST and in deliveries. */
import { z } from 'zod';
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { choice } from '../../http/choice.ts';
import { notFound } from '../../http/http-error.ts';
import { paged } from '../../http/paging.ts';
import { event } from '../../webhooks/event.ts';
import { parseTime } from '../../world/clock.ts';
import type { Context, Json } from '../../world/context.ts';
import { WorldError } from '../../world/errors.ts';
import type { Repository } from '../../world/types.ts';
import type { World } from '../../world/world.ts';
import { action } from '../action.ts';
import { by, given, issueTarget, number, repo, target } from '../inputs.ts';
import { setMilestone } from '../issues/issue.ts';
import { defineResource } from '../resource.ts';
import {
  findMilestone,
  createMilestone,
  deleteMilestone,
  editMilestone,
  issuesOf,
  type Milestone,
  type MilestoneOccurrence,
  setMilestoneState,
} from './milestone.ts';
import { milestoneFields, milestoneNode } from './milestone-node.ts';
import { milestoneShape } from './milestone-shape.ts';

// Milestones by the control API.

function needMilestone(repository: Repository, number: number): Milestone {
  const found = findMilestone(repository, number);
  if (!found) throw new WorldError(`no milestone ${number}`, 404);
  return found;
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

const milestoneActions = {
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
    about: 'Change a milestone’s title, description or due date, or close or reopen it.',
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
    about: 'Set the milestone (by number) of an issue or pull request; null removes it.',
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

// Milestones by REST.

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
  const milestone = findMilestone(repository, Number(params['number']));
  if (!milestone) throw notFound();
  return { body: milestoneShape(context, repository, milestone) };
}

const milestoneRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/milestones', permission: 'issues_or_pulls', handler: list },
  { method: 'GET', path: '/milestones/:number', permission: 'issues_or_pulls', handler: get },
];

/** The event's own keys. */
function milestonePayload(context: Context, occurrence: MilestoneOccurrence): Json {
  const { repository, milestone, changes } = occurrence;
  return { milestone: milestoneShape(context, repository, milestone), ...(changes && { changes }) };
}

export const milestoneResource = defineResource({
  inRepository: () => ({ milestones: new Map(), nextMilestone: 1 }),
  routes: milestoneRoutes,
  actions: milestoneActions,
  fields: milestoneFields,
  nodes: {
    MI: (viewer, repository, id) => {
      const milestone = repository.milestones.get(Number(id));
      return milestone ? milestoneNode(viewer, repository, milestone) : null;
    },
  },
  events: [event(['milestone'], ['issues', 'pull_requests'], milestonePayload)],
});
