/** Changing a repository's settings and visibility. */
import { HEADS } from '../branches/branch.ts';
import { WorldError } from '../../world/errors.ts';
import type { Changes } from '../../world/occurrence.ts';
import { moveName } from './repository-name.ts';
import type { Account, Block, Repository } from '../../world/types.ts';
import { touch, type World } from '../../world/world.ts';
import type { RepositoryOccurrence } from './repository.ts';

export interface RepositoryEdit {
  description?: string | null;
  homepage?: string | null;
  topics?: string[];
  defaultBranch?: string;
  /** Announced by no event. */
  hasIssues?: boolean;
  /** Announced by no event. */
  hasPullRequests?: boolean;
  /** Announced by no event. */
  language?: string | null;
  /** Announced by no event that the App gets. */
  stargazers?: number;
}

function changed(
  world: World,
  repository: Repository,
  action: RepositoryOccurrence['action'] | null,
  by: Account,
  changes?: Changes,
): void {
  repository.updatedAt = world.clock.now();
  touch(repository);
  if (action === null) return;
  world.emit({ event: 'repository', action, repository, sender: by, ...(changes && { changes }) });
}

/** Edits settings; one `repository.edited` for each announced field, as GitHub sends them. */
export function editRepository(
  world: World,
  repository: Repository,
  input: RepositoryEdit,
  by: Account,
): void {
  if (input.defaultBranch !== undefined && !repository.refs.has(HEADS + input.defaultBranch)) {
    throw new WorldError(`no branch ${input.defaultBranch}`);
  }
  const announced = [
    ['description', 'description'],
    ['homepage', 'homepage'],
    ['topics', 'topics'],
    ['defaultBranch', 'default_branch'],
  ] as const;
  for (const [field, name] of announced) {
    const value = input[field];
    const from = repository[field];
    if (value === undefined || JSON.stringify(value) === JSON.stringify(from)) continue;
    Object.assign(repository, { [field]: value });
    changed(world, repository, 'edited', by, { [name]: { from } });
  }
  for (const field of ['hasIssues', 'hasPullRequests', 'language', 'stargazers'] as const) {
    if (input[field] === undefined || input[field] === repository[field]) continue;
    Object.assign(repository, { [field]: input[field] });
    changed(world, repository, null, by);
  }
}

/** Renames within its owner; the old full name redirects. */
export function renameRepository(world: World, repository: Repository, name: string, by: Account): void {
  const from = repository.name;
  const set = (value: string) => () => {
    repository.name = value;
  };
  moveName(world, repository, set(name), set(from));
  changed(world, repository, 'renamed', by, { repository: { name: { from } } });
}

export function setArchived(world: World, repository: Repository, archived: boolean, by: Account): void {
  if (repository.archived === archived) return;
  repository.archived = archived;
  changed(world, repository, archived ? 'archived' : 'unarchived', by);
}

/** Makes it public or private. */
export function setVisibility(
  world: World,
  repository: Repository,
  visibility: Repository['visibility'],
  by: Account,
): void {
  if (repository.visibility === visibility) return;
  repository.visibility = visibility;
  changed(world, repository, visibility === 'public' ? 'publicized' : 'privatized', by);
}

/** Blocks it (451 for dmca, else 403) or, with null, unblocks it. There is no event for it. */
export function setBlock(world: World, repository: Repository, reason: Block['reason'] | null): void {
  repository.block = reason === null ? null : { reason, createdAt: world.clock.now() };
  touch(repository);
}

/** Protects a branch, or ends its protection. No event that the App gets announces it. */
export function protectBranch(repository: Repository, branch: string, guarded: boolean): void {
  const ref = repository.refs.get(HEADS + branch);
  if (!ref) throw new WorldError(`no branch ${branch}`, 404);
  ref.protected = guarded;
  touch(repository);
}
