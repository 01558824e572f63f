import type { Context, Json } from '../../world/context.ts';
import { fullName } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Label, Repository } from '../../world/types.ts';

/** OpenAPI `label`. */
export function labelShape({ world, api }: Context, repository: Repository, label: Label): Json {
  return {
    id: label.id,
    node_id: nodeId('label', label.id, repository.id),
    url: `${api}/repos/${fullName(world, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: label.default,
    description: label.description,
  };
}
