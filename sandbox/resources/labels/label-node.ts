/** Labels. */
import { HTML, type Json } from '../../world/context.ts';
import { iso } from '../../world/clock.ts';
import { fullName } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Label, Repository } from '../../world/types.ts';
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import { demandOneOf, type Reading } from '../../graphql/viewer.ts';
import { findLabel } from './label.ts';

export interface LabelArgs extends PageArgs {
  query?: string | null;
  orderBy?: { field: 'CREATED_AT' | 'NAME'; direction: 'ASC' | 'DESC' } | null;
}

/** `label` and `labels` of a `Repository`. */
export function labelFields(viewer: Reading, repository: Repository): Json {
  return {
    label: ({ name }: { name: string }) => {
      const label = findLabel(repository, name);
      return label && labelNode(viewer, repository, label);
    },
    labels: (args: LabelArgs) => {
      demandOneOf(viewer, repository, ['issues', 'pull_requests']);
      return labelConnection(viewer, repository, [...repository.labels.values()], args);
    },
  };
}

export function labelNode(viewer: Reading, repository: Repository, label: Label): Json {
  const path = `/${fullName(viewer.context.world, repository)}/labels/${encodeURIComponent(label.name)}`;
  return {
    __typename: 'Label',
    id: nodeId('label', label.id, repository.id),
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
