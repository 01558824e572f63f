/** A repository's labels. Renaming or deleting one does not move the `updated_at` of the issues that have it. */
import { WorldError } from '../../world/errors.ts';
import type { Changes } from '../../world/occurrence.ts';
import type { Account, Label, Repository } from '../../world/types.ts';
import { touch, type World } from '../../world/world.ts';

/** Finds a label by name (case-insensitive, as GitHub), or null. */
export function findLabel(repository: Repository, name: string): Label | null {
  const wanted = name.toLowerCase();
  for (const label of repository.labels.values()) if (label.name.toLowerCase() === wanted) return label;
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
    id: world.nextId('label'),
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
export function editLabel(
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
export function deleteLabel(world: World, repository: Repository, label: Label, by: Account): void {
  repository.labels.delete(label.id);
  for (const issue of repository.issues.values()) {
    if (issue.labelIds.includes(label.id)) issue.labelIds = issue.labelIds.filter((id) => id !== label.id);
  }
  touch(repository);
  world.emit({ event: 'label', action: 'deleted', repository, sender: by, label });
}
