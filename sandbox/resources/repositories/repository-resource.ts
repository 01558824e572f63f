/** Repositories in the control API, by REST and in deliveries. */
import { z } from 'zod';
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { choice } from '../../http/choice.ts';
import { linkHeader, pageRequest, readCursor, writeCursor } from '../../http/paging.ts';
import { event } from '../../webhooks/event.ts';
import { iso } from '../../world/clock.ts';
import type { Context, Json } from '../../world/context.ts';
import { needAccount, ownerOf } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Account, Activity, Repository } from '../../world/types.ts';
import { touch, type World } from '../../world/world.ts';
import { organizationSimple, simpleUser, userOrNull } from '../accounts/user-shape.ts';
import { action } from '../action.ts';
import { actor, by, given, repo, target } from '../inputs.ts';
import { announceAdded, deselect } from '../installations/installation-selection.ts';
import { defineResource } from '../resource.ts';
import { showRepository } from '../show.ts';
import { moveName } from './repository-name.ts';
import {
  editRepository,
  renameRepository,
  setArchived,
  setBlock,
  setVisibility,
} from './repository-settings.ts';
import { fullRepository, repositoryShape } from './repository-shape.ts';
import {
  createRepository,
  deleteRepository,
  forkRepository,
  type RepositoryOccurrence,
} from './repository.ts';

// Transferring a repository to another owner.

/**
 * Moves it to another account under the same id; the old full name redirects. The old owner's installation gets
 * `installation_repositories.removed`, the new owner's `.added` (when it covers all) and `repository.transferred`.
 */
function transferRepository(world: World, repository: Repository, to: Account, by: Account): void {
  const old = ownerOf(world, repository);
  deselect(world, repository, by);
  const set = (id: number) => () => {
    repository.ownerId = id;
  };
  moveName(world, repository, set(to.id), set(old.id));
  repository.updatedAt = world.clock.now();
  touch(repository);
  announceAdded(world, repository, by);
  world.emit({ event: 'repository', action: 'transferred', repository, sender: by, formerOwner: old });
}

const repositoryActions = {
  createRepository: action({
    about: 'Create an empty repository, optionally with an id of your choice (for example above 2^31).',
    example: { owner: 'octo-sandbox', name: 'brand-new' },
    input: z.object({
      owner: z.string(),
      name: z.string(),
      private: z.boolean().optional(),
      description: z.string().nullable().optional(),
      language: z.string().nullable().optional(),
      topics: z.array(z.string()).optional(),
      defaultBranch: z.string().optional(),
      hasIssues: z.boolean().optional(),
      id: z.number().optional(),
      by,
    }),
    run: ({ world }, input) => {
      const { owner, by: login, ...rest } = input;
      const who = needAccount(world, owner);
      return createRepository(world, who, { ...given(rest), name: rest.name }, actor(world, login));
    },
    show: showRepository,
  }),
  forkRepository: action({
    about: 'Fork a repository to another account.',
    example: { repo: 'octo-sandbox/app', to: 'hubert' },
    input: z.object({ repo, to: z.string(), name: z.string().optional() }),
    run: ({ world }, input) => {
      const { repository } = target(world, input);
      const owner = needAccount(world, input.to);
      return forkRepository(world, repository, owner, actor(world, undefined), input.name);
    },
    show: showRepository,
  }),
  deleteRepository: action({
    about: 'Delete a repository.',
    example: { repo: 'octo-sandbox/playground' },
    input: z.object({ repo, by }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      deleteRepository(world, repository, who);
      return { id: repository.id, deleted: true };
    },
  }),
  renameRepository: action({
    about: 'Rename a repository; the old name redirects.',
    example: { repo: 'octo-sandbox/app', name: 'application' },
    input: z.object({ repo, name: z.string(), by }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      renameRepository(world, repository, input.name, who);
      return repository;
    },
    show: showRepository,
  }),
  transferRepository: action({
    about: 'Transfer a repository to another account.',
    example: { repo: 'octo-sandbox/app', to: 'acme' },
    input: z.object({ repo, to: z.string(), by }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      transferRepository(world, repository, needAccount(world, input.to), who);
      return repository;
    },
    show: showRepository,
  }),
  editRepository: action({
    about:
      'Edit description, homepage, topics, default branch, language, stars; switch issues or pull requests on or off.',
    example: { repo: 'octo-sandbox/app', description: 'Now with more octopus', hasIssues: true },
    input: z.object({
      repo,
      description: z.string().nullable().optional(),
      homepage: z.string().nullable().optional(),
      topics: z.array(z.string()).optional(),
      defaultBranch: z.string().optional(),
      hasIssues: z.boolean().optional(),
      hasPullRequests: z.boolean().optional(),
      language: z.string().nullable().optional(),
      stargazers: z.number().optional(),
      contributorsTooLarge: z.boolean().optional(),
      by,
    }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      const { repo: _repo, by: _by, contributorsTooLarge, ...rest } = input;
      editRepository(world, repository, given(rest), who);
      if (contributorsTooLarge !== undefined) repository.contributorsTooLarge = contributorsTooLarge;
      return repository;
    },
    show: showRepository,
  }),
  archiveRepository: action({
    about: 'Archive or unarchive a repository.',
    example: { repo: 'octo-sandbox/app', archived: true },
    input: z.object({ repo, archived: z.boolean().default(true), by }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      setArchived(world, repository, input.archived, who);
      return repository;
    },
    show: showRepository,
  }),
  setVisibility: action({
    about: 'Make a repository public or private.',
    example: { repo: 'octo-sandbox/app', visibility: 'private' as const },
    input: z.object({ repo, visibility: z.enum(['public', 'private', 'internal']), by }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      setVisibility(world, repository, input.visibility, who);
      return repository;
    },
    show: showRepository,
  }),
  miscount: action({
    about: 'Make GraphQL count more (or fewer) issues or pull requests than are listed anywhere.',
    example: { repo: 'octo-sandbox/app', issues: 1 },
    input: z.object({ repo, issues: z.number().int().default(0), pullRequests: z.number().int().default(0) }),
    run: ({ world }, { issues, pullRequests, ...input }) => {
      const { repository } = target(world, input);
      repository.countsOff = { issues, pullRequests };
      return repository;
    },
    show: showRepository,
  }),
  blockRepository: action({
    about: 'Block a repository (dmca: 451, tos: 403); null unblocks it.',
    example: { repo: 'octo-sandbox/app', reason: 'dmca' as const },
    input: z.object({ repo, reason: z.enum(['dmca', 'tos', 'unavailable']).nullable() }),
    run: ({ world }, input) => {
      const { repository } = target(world, input);
      setBlock(world, repository, input.reason);
      return repository;
    },
    show: showRepository,
  }),
};

// What happened to the branches: pushes, force pushes, creations, deletions, merges.

const PERIODS: Record<string, number> = { day: 1, week: 7, month: 30, quarter: 91, year: 365 };

function list(call: RepositoryCall): Answer {
  const { context, repository, query, base } = call;
  const { perPage } = pageRequest(query);
  const newestFirst = choice(query, 'direction', ['asc', 'desc'], 'desc') === 'desc';
  const matching = repository.activity.filter(filterOf(call));
  const all = newestFirst ? matching.toReversed() : matching;
  const after = query.get('after');
  const before = query.get('before');
  const at = (cursor: string) => all.findIndex(({ id }) => id === Number(readCursor(cursor)[0]));
  const start = after === null ? (before === null ? 0 : Math.max(0, at(before) - perPage)) : at(after) + 1;
  const items = all.slice(start, start + perPage);
  const [first, last] = [items[0], items.at(-1)];
  const links: [string, Record<string, string | null>][] = [];
  if (first && start > 0) links.push(['prev', { before: writeCursor([first.id]), after: null }]);
  if (last && start + perPage < all.length) {
    links.push(['next', { after: writeCursor([last.id]), before: null }]);
  }
  return {
    headers: linkHeader(base, query, links),
    body: items.map((one) => ({
      id: one.id,
      node_id: nodeId('RPA', one.id, repository.id),
      before: one.before,
      after: one.after,
      ref: one.ref,
      timestamp: iso(one.timestamp),
      activity_type: one.type,
      actor: userOrNull(context, one.actorId),
    })),
  };
}

function filterOf({ context, query }: RepositoryCall): (one: Activity) => boolean {
  const ref = query.get('ref');
  const type = query.get('activity_type');
  const actor = query.get('actor')?.toLowerCase();
  const period = query.get('time_period');
  const days = period === null ? null : PERIODS[choice(query, 'time_period', Object.keys(PERIODS), 'day')];
  const oldest = days == null ? 0 : context.world.clock.now() - days * 86_400;
  return (one) =>
    (ref === null || one.ref === ref || one.ref === `refs/heads/${ref}`) &&
    (type === null || one.type === type) &&
    (actor === undefined || context.world.state.accounts.get(one.actorId)?.login.toLowerCase() === actor) &&
    one.timestamp >= oldest;
}

const activityRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/activity', permission: 'contents', handler: list },
];

// The repository itself.

const repositoryRoutes: RepositoryRoute[] = [
  {
    method: 'GET',
    path: '',
    permission: 'metadata',
    handler: ({ context, repository }) => ({
      body: fullRepository(context, repository),
      lastModified: repository.updatedAt,
    }),
  },
];

/** A transfer names the former owner. */
function repositoryPayload(context: Context, { changes, formerOwner }: RepositoryOccurrence): Json {
  if (!formerOwner) return changes ? { changes } : {};
  const from =
    formerOwner.type === 'Organization'
      ? { organization: organizationSimple(context, formerOwner) }
      : { user: simpleUser(context, formerOwner) };
  return { changes: { owner: { from } } };
}

export const repositoryResource = defineResource({
  routes: [...repositoryRoutes, ...activityRoutes],
  actions: repositoryActions,
  events: [
    // Metadata, which it needs, is always granted.
    event(['repository'], [], repositoryPayload),
    event(['fork'], ['contents'], (context, { forkee }) => ({ forkee: repositoryShape(context, forkee) })),
  ],
});
