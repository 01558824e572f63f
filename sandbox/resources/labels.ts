/** A repository's labels. Renaming or deleting one does not move the `updated_at` of the issues that have it. */
import { z } from 'zod';
import { type PageArgs, byPosition, connection } from '../graphql/connection.ts';
import { type Reading, demand } from '../graphql/viewer.ts';
import type { RepositoryRoute } from '../http/call.ts';
import { notFound } from '../http/http-error.ts';
import { paged } from '../http/paging.ts';
import { event } from '../webhooks/event.ts';
import { iso } from '../world/clock.ts';
import { type Context, HTML, type Json } from '../world/context.ts';
import { WorldError } from '../world/errors.ts';
import { fullName } from '../world/lookup.ts';
import { nodeId } from '../world/node-id.ts';
import type { Changes, InRepository } from '../world/occurrence.ts';
import type { Account, Repository } from '../world/types.ts';
import { type World, touch } from '../world/world.ts';
import { action } from './action.ts';
import { by, given, repo, target } from './inputs.ts';
import { defineResource } from './resource.ts';

export interface Label {
  id: number;
  name: string;
  color: string;
  description: string | null;
  default: boolean;
  createdAt: number;
  updatedAt: number;
}

declare module '../world/types.ts' {
  interface RepositoryState {
    labels: Map<number, Label>;
  }
}

export interface LabelOccurrence extends InRepository {
  event: 'label';
  action: 'created' | 'edited' | 'deleted';
  label: Label;
  changes?: Changes;
}

declare module '../world/occurrence.ts' {
  interface Occurrences {
    label: LabelOccurrence;
  }
}

/** Finds a label by name (case-insensitive, as GitHub), or null. */
function findLabel(repository: Repository, name: string): Label | null {
  const key = name.toLowerCase();
  for (const label of repository.labels.values()) if (label.name.toLowerCase() === key) return label;
  return null;
}

/** Creates a label. Throws WorldError when the name is taken. */
export function createLabel(
  world: World,
  repository: Repository,
  input: { name: string; color?: string; description?: string | null; default?: boolean },
  by: Account | null,
): Label {
  if (findLabel(repository, input.name)) throw new WorldError('already_exists');
  const label: Label = {
    id: world.nextId('label', 4_100_000_000),
    name: input.name,
    color: input.color ?? world.random.hex(6),
    description: input.description ?? null,
    default: input.default ?? false,
    createdAt: world.clock.now(),
    updatedAt: world.clock.now(),
  };
  repository.labels.set(label.id, label);
  touch(repository);
  if (by) world.emit({ event: 'label', action: 'created', repository, sender: by, label });
  return label;
}

/** The label of that name, created when missing (announced only when somebody is named for it). */
export function labelNamed(
  world: World,
  repository: Repository,
  name: string,
  by: Account | null = null,
): Label {
  return findLabel(repository, name) ?? createLabel(world, repository, { name }, by);
}

/** Changes a label's name, colour or description. */
function editLabel(
  world: World,
  repository: Repository,
  label: Label,
  input: { name?: string; color?: string; description?: string | null },
  by: Account,
): void {
  const changes: Changes = {};
  for (const key of ['name', 'color', 'description'] as const) {
    const value = input[key];
    if (value === undefined || value === label[key]) continue;
    changes[key] = { from: label[key] ?? '' };
    Object.assign(label, { [key]: value });
  }
  label.updatedAt = world.clock.now();
  touch(repository);
  world.emit({ event: 'label', action: 'edited', repository, sender: by, label, changes });
}

/** Deletes a label and takes it off every issue. */
function deleteLabel(world: World, repository: Repository, label: Label, by: Account): void {
  repository.labels.delete(label.id);
  for (const issue of repository.issues.values()) {
    if (issue.labelIds.includes(label.id)) issue.labelIds = issue.labelIds.filter((id) => id !== label.id);
  }
  touch(repository);
  world.emit({ event: 'label', action: 'deleted', repository, sender: by, label });
}

/** OpenAPI `label`. */
export function labelShape({ world, api }: Context, repository: Repository, label: Label): Json {
  return {
    id: label.id,
    node_id: nodeId('LA', label.id, repository.id),
    url: `${api}/repos/${fullName(world, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: label.default,
    description: label.description,
  };
}

function labelPayload(context: Context, { repository, label, changes }: LabelOccurrence): Json {
  return { label: labelShape(context, repository, label), ...(changes && { changes }) };
}

const labelRoutes: RepositoryRoute[] = [
  {
    method: 'GET',
    path: '/labels',
    permission: 'issues_or_pulls',
    handler: (call) => {
      const { context, repository, base } = call;
      const { items, headers } = paged(call, base, [...repository.labels.values()]);
      return { headers, body: items.map((label) => labelShape(context, repository, label)) };
    },
  },
  {
    method: 'GET',
    path: '/labels/:name',
    permission: 'issues_or_pulls',
    handler: ({ context, repository, params }) => {
      const label = findLabel(repository, params['name'] ?? '');
      if (!label) throw notFound();
      return { body: labelShape(context, repository, label) };
    },
  },
];

export interface LabelArgs extends PageArgs {
  query?: string | null;
  orderBy?: { field: 'CREATED_AT' | 'NAME'; direction: 'ASC' | 'DESC' } | null;
}

/** `label` and `labels` of a `Repository`. */
function labelFields(viewer: Reading, repository: Repository): Json {
  return {
    label: ({ name }: { name: string }) => {
      const label = findLabel(repository, name);
      return label && labelNode(viewer, repository, label);
    },
    labels: (args: LabelArgs) => {
      demand(viewer, repository, 'issues', 'pull_requests');
      return labelConnection(viewer, repository, [...repository.labels.values()], args);
    },
  };
}

function labelNode(viewer: Reading, repository: Repository, label: Label): Json {
  const path = `/${fullName(viewer.context.world, repository)}/labels/${encodeURIComponent(label.name)}`;
  return {
    __typename: 'Label',
    id: nodeId('LA', label.id, repository.id),
    name: label.name,
    color: label.color,
    description: label.description,
    isDefault: label.default,
    createdAt: iso(label.createdAt),
    updatedAt: iso(label.updatedAt),
    url: HTML + path,
    resourcePath: path,
    repository: () => viewer.show.repository(repository),
  };
}

/** Labels in the order they were made, or by name. */
export function labelConnection(
  viewer: Reading,
  repository: Repository,
  labels: Label[],
  args: LabelArgs,
): Json {
  const query = args.query?.toLowerCase() ?? '';
  const items = labels.filter(({ name }) => name.toLowerCase().includes(query));
  const sign = args.orderBy?.direction === 'DESC' ? -1 : 1;
  const byName = args.orderBy?.field === 'NAME';
  items.sort((a, b) => sign * (byName ? a.name.localeCompare(b.name) : a.id - b.id));
  const node = (label: Label) => labelNode(viewer, repository, label);
  return connection(args, { items, order: byPosition, node });
}

function need(repository: Repository, name: string): Label {
  const label = findLabel(repository, name);
  if (!label) throw new WorldError(`no label ${name}`, 404);
  return label;
}

const labelActions = {
  createLabel: action({
    about: 'Create a label.',
    example: { repo: 'octo-sandbox/app', name: 'tentacles', color: 'c0ffee' },
    input: z.object({
      repo,
      name: z.string(),
      color: z.string().optional(),
      description: z.string().nullable().optional(),
      by,
    }),
    run: ({ world }, { name, color, description, ...input }) => {
      const { repository, who } = target(world, input);
      return createLabel(world, repository, { name, ...given({ color, description }) }, who);
    },
  }),
  editLabel: action({
    about: 'Rename or recolour a label; issues with it keep their updated_at.',
    example: { repo: 'octo-sandbox/app', name: 'bug', to: 'defect' },
    input: z.object({
      repo,
      name: z.string(),
      to: z.string().optional(),
      color: z.string().optional(),
      description: z.string().nullable().optional(),
      by,
    }),
    run: ({ world }, { name, to, color, description, ...input }) => {
      const { repository, who } = target(world, input);
      const label = need(repository, name);
      editLabel(world, repository, label, given({ name: to, color, description }), who);
      return label;
    },
  }),
  deleteLabel: action({
    about: 'Delete a label; it is removed from every issue.',
    example: { repo: 'octo-sandbox/app', name: 'bug' },
    input: z.object({ repo, name: z.string(), by }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      const label = need(repository, input.name);
      deleteLabel(world, repository, label, who);
      return label;
    },
  }),
};

export const labelResource = defineResource({
  inRepository: () => ({ labels: new Map() }),
  routes: labelRoutes,
  actions: labelActions,
  fields: labelFields,
  nodes: {
    LA: (viewer, repository, id) => {
      const label = repository.labels.get(Number(id));
      return label ? labelNode(viewer, repository, label) : null;
    },
  },
  events: [event(['label'], [], labelPayload)],
});
