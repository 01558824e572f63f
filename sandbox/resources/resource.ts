/** What a resource registers of itself, besides its state (`states.ts`): how it is asked for, told of and acted on. */
import type { Reading } from '../graphql/viewer.ts';
import type { RepositoryRoute } from '../http/call.ts';
import type { Context, Json } from '../world/context.ts';
import type { NodeKind } from '../world/node-id.ts';
import type { Occurrence } from '../world/occurrence.ts';
import type { Repository } from '../world/types.ts';

/** Something inside a repository by its id; null where it is not there, or is not shown to anybody. */
type NodeInside = (viewer: Reading, repository: Repository, id: number | string) => Json | null;

/** A webhook event. */
export interface ResourceEvent {
  names: readonly Occurrence['event'][];
  /** Without any of these permissions it is not sent; none: it needs none. */
  permissions: readonly string[];
  /** The event's own keys. */
  payload: (context: Context, occurrence: Occurrence) => Json;
}

interface Resource<Actions extends object> {
  routes?: readonly RepositoryRoute[];
  /** Control actions, by their names; it may have none. */
  actions: Actions;
  /** Fields of GraphQL's `Repository`. */
  fields?: (viewer: Reading, repository: Repository) => Json;
  /** What is found by its node id. Each throws GraphQLError for what the viewer may not see. */
  nodes?: Partial<Record<NodeKind, NodeInside>>;
  events?: readonly ResourceEvent[];
}

type Told<Name, O = Occurrence> = O extends { event: infer Event } ? (Name extends Event ? O : never) : never;

/** An event of these names, as the resource that it is about tells it. */
export function event<Name extends Occurrence['event']>(
  names: readonly Name[],
  permissions: readonly string[],
  payload: (context: Context, occurrence: Told<Name>) => Json,
): ResourceEvent {
  const isTold = (occurrence: Occurrence): occurrence is Occurrence & Told<Name> =>
    names.some((name) => name === occurrence.event);
  return {
    names,
    permissions,
    payload: (context, occurrence) => (isTold(occurrence) ? payload(context, occurrence) : {}),
  };
}

/** Declares a resource; the types of its actions are kept. */
export function defineResource<Actions extends object>(resource: Resource<Actions>): Resource<Actions> {
  return resource;
}
