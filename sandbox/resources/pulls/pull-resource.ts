/** Pull requests and requests for reviews by REST, in deliveries and in the control API. */
import { z } from 'zod';
import { demand } from '../../graphql/viewer.ts';
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { choice } from '../../http/choice.ts';
import { paged } from '../../http/paging.ts';
import { event } from '../../webhooks/event.ts';
import { iso } from '../../world/clock.ts';
import type { Context, Json } from '../../world/context.ts';
import { WorldError } from '../../world/errors.ts';
import { fullName, needAccount, needPull, needRepository, networkOf, ownerOf } from '../../world/lookup.ts';
import { createMemo } from '../../world/memo.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Pull, Repository } from '../../world/types.ts';
import type { World } from '../../world/world.ts';
import { userOrNull } from '../accounts/user-shape.ts';
import { action } from '../action.ts';
import { headOf } from '../branches/branch.ts';
import { push } from '../branches/push.ts';
import { commitShape } from '../commits/commit-shape.ts';
import { by, given, issueTarget, number, repo, target } from '../inputs.ts';
import { issueExtras } from '../issues/issue-extras.ts';
import { itemOf, type PullOccurrence } from '../issues/issue.ts';
import { defineResource } from '../resource.ts';
import { showIssue, showPushed } from '../show.ts';
import { mergePull } from './pull-merge.ts';
import { pullRow, type PullRow, whilePullsAreOn } from './pull-row.ts';
import { pullCommits, pullDetail, pullShape } from './pull-shape.ts';
import { changeBase, lastChange, openPull, setDraft } from './pull.ts';
import { requestedFields, requestedPayload } from './review-request-shape.ts';
import { changeRequest, requestReview, teamNamed } from './review-request.ts';

// Pull requests. Titles, labels, comments, closing: the issue actions.

const one = { repo, number, by };
const example = { repo: 'octo-sandbox/app', number: 2 };

const pullActions = {
  openPull: action({
    about: 'Open a pull request; a missing head branch is created with one commit.',
    example: { repo: 'octo-sandbox/app', head: 'feature', title: 'Add a feature' },
    input: z.object({
      repo,
      head: z.string(),
      base: z.string().optional(),
      from: repo.optional(),
      title: z.string().optional(),
      body: z.string().nullable().optional(),
      labels: z.array(z.string()).optional(),
      assignees: z.array(z.string()).optional(),
      draft: z.boolean().optional(),
      by,
    }),
    run: ({ world }, { from, head, ...input }) => {
      const { repository, who } = target(world, input);
      const home = from === undefined ? repository : needRepository(world, from);
      const { base, title, body, labels, assignees, draft } = input;
      if (headOf(home, head) === null) push(world, home, { branch: head }, who);
      const more = given({ base, title, body, labels, assignees, draft });
      return openPull(world, repository, { ...more, head, from: home }, who);
    },
    show: showIssue,
  }),
  synchronizePull: action({
    about: 'Push commits to a pull request’s head branch.',
    example: { ...example, commits: 1 },
    input: z.object({ ...one, commits: z.number().int().positive().default(1) }),
    run: ({ world }, input) => {
      const { repository, who } = issueTarget(world, input);
      const { pull } = needPull(repository, input.number);
      const home = needRepository(world, pull.headRepoId);
      const commits = Array.from({ length: input.commits }, () => ({}));
      const made = push(world, home, { branch: pull.headRef, commits }, who);
      return { repository: home, branch: pull.headRef, commits: made };
    },
    show: showPushed,
  }),
  mergePull: action({
    about: 'Merge a pull request.',
    example: { ...example, method: 'squash' as const },
    input: z.object({ ...one, method: z.enum(['merge', 'squash', 'rebase']).default('merge') }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      mergePull(world, repository, issue, who, input.method);
      return issue;
    },
    show: showIssue,
  }),
  setDraft: action({
    about: 'Convert a pull request to a draft, or mark it ready for review.',
    example: { ...example, draft: true },
    input: z.object({ ...one, draft: z.boolean() }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      setDraft(world, repository, issue, input.draft, who);
      return issue;
    },
    show: showIssue,
  }),
  changeBase: action({
    about: 'Change the base branch of a pull request.',
    example: { ...example, base: 'release' },
    input: z.object({ ...one, base: z.string() }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      changeBase(world, repository, issue, input.base, who);
      return issue;
    },
    show: showIssue,
  }),
  setMergeable: action({
    about: 'Set whether a pull request is mergeable.',
    example: { ...example, mergeable: false },
    input: z.object({ ...one, mergeable: z.boolean() }),
    run: ({ world }, input) => {
      const { repository, issue } = issueTarget(world, input);
      needPull(repository, input.number).pull.mergeable = input.mergeable;
      return issue;
    },
    show: showIssue,
  }),
};

const lists = createMemo<PullRow[]>((rows) => rows.length);

/** The list has no `since`; the default direction is desc only when sorted by creation. */
function list(call: RepositoryCall): Answer {
  const { context, repository, query, base } = call;
  const state = choice(query, 'state', ['open', 'closed', 'all'], 'open');
  const sort = choice(query, 'sort', ['created', 'updated', 'popularity', 'long-running'], 'created');
  const direction = choice(query, 'direction', ['asc', 'desc'], sort === 'created' ? 'desc' : 'asc');
  const { head, base: into } = { head: query.get('head'), base: query.get('base') };
  const cacheKey = [repository.id, repository.version, state, sort, direction, head, into].join('|');
  const sign = direction === 'asc' ? 1 : -1;
  const rows = lists.get(context.world, cacheKey, () =>
    rowsOf(repository)
      .filter(({ issue }) => state === 'all' || issue.state === state)
      .filter(({ pull }) => into === null || pull.baseRef === into)
      .filter(({ pull }) => head === null || head === labelOf(call, pull))
      .sort((a, b) => sign * (keyOf(sort, a) - keyOf(sort, b) || a.issue.number - b.issue.number)),
  );
  const { items, headers } = paged(call, base, rows);
  return { headers, body: items.map(({ issue, pull }) => pullShape(context, repository, issue, pull)) };
}

function rowsOf(repository: Repository): PullRow[] {
  const rows: PullRow[] = [];
  for (const issue of repository.issues.values()) {
    if (issue.pull) rows.push({ issue, pull: issue.pull });
  }
  return rows;
}

function keyOf(sort: string, { issue }: PullRow): number {
  if (sort === 'updated') return lastChange(issue);
  return sort === 'popularity' ? issue.comments.length : issue.createdAt;
}

function labelOf({ context, repository }: RepositoryCall, pull: Pull): string {
  const home = context.world.state.repositories.get(pull.headRepoId) ?? repository;
  return `${ownerOf(context.world, home).login}:${pull.headRef}`;
}

function get(call: RepositoryCall): Answer {
  const { issue, pull } = pullRow(call);
  return { body: pullDetail(call.context, call.repository, issue, pull), lastModified: lastChange(issue) };
}

/** At most 250. Source: OpenAPI `pulls/list-commits`. */
function commits(call: RepositoryCall): Answer {
  const { context, repository, base } = call;
  const network = networkOf(context.world, repository);
  const shas = pullCommits(context, repository, pullRow(call).pull).slice(0, 250);
  const { items, headers } = paged(call, base, shas);
  const found = items.map((sha) => network.commits.get(sha)).filter((one) => one !== undefined);
  return { headers, body: found.map((commit) => commitShape(context, repository, commit)) };
}

/** OpenAPI `issues/list-events`, oldest first: only those that say that it was marked as ready are simulated. */
function readyEvents(call: RepositoryCall): Answer {
  const { context, repository, base } = call;
  const events = `${context.api}/repos/${fullName(context.world, repository)}/issues/events`;
  const { items, headers } = paged(call, base, pullRow(call).pull.readyEvents);
  const body = items.map(({ id, createdAt, actorId }) => ({
    id,
    node_id: nodeId('RFRE', id, repository.id),
    url: `${events}/${id}`,
    actor: userOrNull(context, actorId),
    event: 'ready_for_review',
    commit_id: null,
    commit_url: null,
    created_at: iso(createdAt),
    performed_via_github_app: null,
  }));
  return { headers, body };
}

const permission = 'pull_requests' as const;

const pullRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/pulls', permission, handler: whilePullsAreOn(list) },
  { method: 'GET', path: '/pulls/:number', permission, handler: whilePullsAreOn(get) },
  { method: 'GET', path: '/pulls/:number/commits', permission, handler: whilePullsAreOn(commits) },
  { method: 'GET', path: '/issues/:number/events', permission: 'issues_or_pulls', handler: readyEvents },
];

// Requests for reviews by the control API.

const whom = { reviewers: z.array(z.string()).default([]), teams: z.array(z.string()).default([]) };

function changeAll(
  world: World,
  input: z.output<z.ZodObject<typeof one & typeof whom>>,
  asked: boolean,
): { pull: Pull } {
  const { repository, issue, who } = issueTarget(world, input);
  for (const login of input.reviewers) {
    const reviewer = needAccount(world, login);
    if (asked) requestReview(world, repository, issue, reviewer, who);
    else changeRequest(world, repository, issue, { reviewer }, false, who);
  }
  for (const slug of input.teams)
    changeRequest(world, repository, issue, { team: teamNamed(world, repository.ownerId, slug) }, asked, who);
  if (!issue.pull) throw new WorldError(`#${issue.number} is no pull request`);
  return { pull: issue.pull };
}

const reviewRequestActions = {
  requestReview: action({
    about: 'Request a review from people and teams (created if missing).',
    example: { ...example, teams: ['reviewers'] },
    input: z.object({ ...one, ...whom }),
    run: ({ world }, input) => changeAll(world, input, true),
    show: (context, { pull }) => requestedFields(context, pull),
  }),
  removeReviewRequest: action({
    about: 'Remove the review requests of people and teams.',
    example: { ...example, teams: ['reviewers'] },
    input: z.object({ ...one, ...whom }),
    run: ({ world }, input) => changeAll(world, input, false),
    show: (context, { pull }) => requestedFields(context, pull),
  }),
};

function pullPayload(context: Context, occurrence: PullOccurrence): Json {
  const { repository, issue, before, after, requested } = occurrence;
  return {
    number: issue.number,
    pull_request: issue.pull && pullDetail(context, repository, issue, issue.pull),
    ...issueExtras(context, occurrence),
    ...(requested && requestedPayload(context, requested)),
    ...(before !== undefined && { before, after }),
  };
}

const reviewRequestRoutes: RepositoryRoute[] = [
  {
    method: 'GET',
    path: '/pulls/:number/requested_reviewers',
    permission: 'pull_requests',
    handler: whilePullsAreOn((call) => {
      const fields = requestedFields(call.context, pullRow(call).pull);
      return { body: { users: fields['requested_reviewers'], teams: fields['requested_teams'] } };
    }),
  },
];

export const pullResource = defineResource({
  routes: [...pullRoutes, ...reviewRequestRoutes],
  actions: { ...pullActions, ...reviewRequestActions },
  nodes: {
    PR: (viewer, repository, id) => {
      const pull = itemOf(viewer.context.world, repository, 'pulls', id);
      if (!pull) return null;
      demand(viewer, repository, 'pull_requests');
      return viewer.show.item(repository, pull);
    },
  },
  events: [event(['pull_request'], ['pull_requests'], pullPayload)],
});
