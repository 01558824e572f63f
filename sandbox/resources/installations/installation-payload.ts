import type { Context, Json } from '../../world/context.ts';
import type { Installation } from '../../world/types.ts';
import { repositoryStub } from '../repositories/repository-shape.ts';
import { repositoriesOf } from '../../world/access.ts';
import { installationShape } from './installation-shape.ts';
import type { InstallationOccurrence, InstallationRepositoriesOccurrence } from './installation.ts';

/** Times are epoch seconds here, but ISO text in `suspend` and `unsuspend`, as in GitHub's own examples. */
export function installationPayload(context: Context, occurrence: InstallationOccurrence): Json {
  const { installation, action } = occurrence;
  const shape = installationShape(context, installation);
  if (action === 'suspend' || action === 'unsuspend') return { installation: shape };
  return {
    installation: withEpochs(shape, installation),
    repositories: repositoriesOf(context.world, installation).map((one) => repositoryStub(context, one)),
    requester: null,
  };
}

function withEpochs(shape: Json, installation: Installation): Json {
  return { ...shape, created_at: installation.createdAt, updated_at: installation.updatedAt };
}

export function selectionPayload(context: Context, occurrence: InstallationRepositoriesOccurrence): Json {
  const { installation, repositories, action } = occurrence;
  const stubs = repositories.map((one) => repositoryStub(context, one));
  return {
    installation: withEpochs(installationShape(context, installation), installation),
    repository_selection: installation.selection,
    repositories_added: action === 'added' ? stubs : [],
    repositories_removed: action === 'removed' ? stubs : [],
    requester: null,
  };
}
