/** Branches and Git refs by REST, and the deliveries about them. */
import { demand } from '../../graphql/viewer.ts';
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { notFound } from '../../http/http-error.ts';
import { paged } from '../../http/paging.ts';
import { event } from '../../webhooks/event.ts';
import { iso } from '../../world/clock.ts';
import { type Context, HTML, type Json } from '../../world/context.ts';
import { fullName, networkOf } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Commit, Ref, Signature } from '../../world/types.ts';
import { linkedAccount } from '../accounts/account.ts';
import { emptyRepository } from '../commits/commit-routes.ts';
import { commitDetail } from '../commits/commit-shape.ts';
import { noreplyEmail, zone } from '../commits/commit.ts';
import { pushRepository } from '../repositories/repository-shape.ts';
import { defineResource } from '../resource.ts';
import { peel } from '../tags.ts';
import { branchActions } from './branch-actions.ts';
import { branchesOf, HEADS, NO_SHA } from './branch.ts';
import type { PushOccurrence, RefOccurrence } from './ref.ts';

function apiOf({ context, repository }: RepositoryCall): string {
  return `${context.api}/repos/${fullName(context.world, repository)}`;
}

function protection(call: RepositoryCall, name: string, guarded: boolean): Json {
  return {
    protected: guarded,
    protection: {
      enabled: guarded,
      required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] },
    },
    protection_url: `${apiOf(call)}/branches/${encodeURIComponent(name)}/protection`,
  };
}

function list(call: RepositoryCall): Answer {
  const only = call.query.get('protected');
  const all = branchesOf(call.repository).filter(
    (branch) => only === null || String(branch.protected) === only,
  );
  const { items, headers } = paged(call, call.base, all);
  const body = items.map(({ name, sha, protected: guarded }) => ({
    name,
    commit: { sha, url: `${apiOf(call)}/commits/${sha}` },
    ...protection(call, name, guarded),
  }));
  return { headers, body };
}

function get(call: RepositoryCall): Answer {
  const { context, repository, params } = call;
  const name = params['*'] ?? '';
  const ref = repository.refs.get(HEADS + name);
  const commit = ref && networkOf(context.world, repository).commits.get(ref.sha);
  if (!commit) throw notFound();
  const full = fullName(context.world, repository);
  return {
    body: {
      name,
      commit: commitDetail(context, repository, commit),
      _links: {
        self: `${apiOf(call)}/branches/${encodeURIComponent(name)}`,
        html: `${HTML}/${full}/tree/${encodeURIComponent(name)}`,
      },
      ...protection(call, name, ref.protected),
    },
  };
}

function refShape(call: RepositoryCall, name: string, { sha }: Ref): Json {
  const type = networkOf(call.context.world, call.repository).tags.has(sha) ? 'tag' : 'commit';
  return {
    ref: name,
    node_id: nodeId('REF', name, call.repository.id),
    url: `${apiOf(call)}/git/${name}`,
    object: { sha, type, url: `${apiOf(call)}/git/${type}s/${sha}` },
  };
}

function ref(call: RepositoryCall): Answer {
  if (call.repository.refs.size === 0) throw emptyRepository();
  const name = `refs/${call.params['*'] ?? ''}`;
  const found = call.repository.refs.get(name);
  if (!found) throw notFound();
  return { body: refShape(call, name, found) };
}

/** All of them: GitHub ignores `per_page` here (github/docs#3863, google/go-github#3924, MetaMask/metamask-mobile#32048). */
function matching(call: RepositoryCall): Answer {
  if (call.repository.refs.size === 0) throw emptyRepository();
  const prefix = `refs/${call.params['*'] ?? ''}`;
  const all = [...call.repository.refs]
    .filter(([name]) => name.startsWith(prefix))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { body: all.map(([name, one]) => refShape(call, name, one)) };
}

const branchRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/branches', permission: 'contents', handler: list },
  { method: 'GET', path: '/branches/*', permission: 'contents', handler: get },
  { method: 'GET', path: '/git/ref/*', permission: 'contents', handler: ref },
  { method: 'GET', path: '/git/matching-refs/*', permission: 'contents', handler: matching },
];

// The `push` event.

/** More commits are not listed; nothing in the payload tells. Source: OpenAPI `webhook-push`. */
const MAX_COMMITS = 2048;

/** The event's own keys. */
function pushPayload(context: Context, push: PushOccurrence): Json {
  const { repository, sender } = push;
  const network = networkOf(context.world, repository);
  const name = fullName(context.world, repository);
  const head = push.deleted ? undefined : network.commits.get(peel(network, push.after));
  const listed = push.shas.slice(0, MAX_COMMITS).map((sha) => network.commits.get(sha));
  const range =
    push.created || push.deleted ? push.after : `${push.before.slice(0, 12)}...${push.after.slice(0, 12)}`;
  return {
    ref: push.ref,
    before: push.before,
    after: push.after,
    created: push.created,
    deleted: push.deleted,
    forced: push.forced,
    base_ref: push.created ? baseRef(push) : null,
    compare: `${HTML}/${name}/compare/${range === NO_SHA ? push.before : range}`,
    commits: listed
      .filter((one) => one !== undefined)
      .map((commit) => pushedCommit(context, name, commit, !push.known.has(commit.sha))),
    head_commit: head ? pushedCommit(context, name, head, !push.known.has(head.sha)) : null,
    repository: pushRepository(context, repository),
    pusher: { name: sender.login, email: sender.emails[0] ?? noreplyEmail(sender) },
  };
}

/** Another ref at the same commit: where a new branch was made from. */
function baseRef({ repository, ref, after }: PushOccurrence): string | null {
  for (const [other, { sha }] of repository.refs) if (other !== ref && sha === after) return other;
  return null;
}

function pushedCommit(context: Context, name: string, commit: Commit, distinct: boolean): Json {
  const paths = (status: string) =>
    commit.files
      .slice(0, 3000)
      .filter((file) => file.status === status)
      .map((file) => file.path);
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct,
    message: commit.message,
    timestamp: timestamp(commit.committer ?? commit.author),
    url: `${HTML}/${name}/commit/${commit.sha}`,
    author: person(context, commit.author),
    committer: person(context, commit.committer),
    added: paths('added'),
    removed: paths('removed'),
    modified: paths('modified'),
  };
}

/** `username` is there only when the address belongs to an account. */
function person({ world }: Context, who: Signature | null): Json {
  const account = linkedAccount(world, who);
  const known = account !== null && account !== 'empty';
  return { name: who?.name ?? '', email: who?.email ?? '', ...(known && { username: account.login }) };
}

/** With the committer's own offset from UTC. */
function timestamp(who: Signature | null): string {
  const { date, offset } = who ?? { date: 0, offset: 0 };
  return iso(date + offset * 60).slice(0, -1) + zone(offset, ':');
}

function refPayload(occurrence: RefOccurrence): Json {
  const { repository, ref, refType, event } = occurrence;
  return {
    ref: ref.replace(/^refs\/(?:heads|tags)\//, ''),
    ref_type: refType,
    ...(event === 'create' && {
      master_branch: repository.defaultBranch,
      description: repository.description,
    }),
    pusher_type: 'user',
  };
}

/** Branches, and the deliveries about every ref. */
export const branchResource = defineResource({
  routes: branchRoutes,
  actions: branchActions,
  nodes: {
    REF: (viewer, repository, id) => {
      demand(viewer, repository, 'contents');
      return repository.refs.has(String(id)) ? viewer.show.ref(repository, String(id)) : null;
    },
  },
  events: [
    event(['push'], ['contents'], pushPayload),
    event(['create', 'delete'], ['contents'], (_context, occurrence) => refPayload(occurrence)),
  ],
});
