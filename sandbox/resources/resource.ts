/** What a resource registers: its state in a repository, its routes, its deliveries and its control actions. */
import type { Reading } from '../graphql/viewer.ts';
import type { RepositoryRoute } from '../http/call.ts';
import type { WebhookEvent } from '../webhooks/event.ts';
import type { Json } from '../world/context.ts';
import type { Repository, RepositoryState } from '../world/types.ts';

/** Something inside a repository by its id; null where it is not there, or is not shown to anybody. */
type NodeInside = (viewer: Reading, repository: Repository, id: number | string) => Json | null;

interface Resource<Actions extends object> {
  /** What a new repository has of it. */
  inRepository?: () => Partial<RepositoryState>;
  routes?: readonly RepositoryRoute[];
  /** Control actions, by their names; it may have none. */
  actions: Actions;
  /** Fields of GraphQL's `Repository`. */
  fields?: (viewer: Reading, repository: Repository) => Json;
  /** What is found by its node id, by the prefix of that. Each throws GraphQLError for what the viewer may not see. */
  nodes?: Record<string, NodeInside>;
  events?: readonly WebhookEvent[];
}

/** Declares a resource; the types of its actions are kept. */
export function defineResource<Actions extends object>(resource: Resource<Actions>): Resource<Actions> {
  return resource;
}
