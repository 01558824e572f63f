/** The App on accounts: installed, changed and removed by the control API, with the deliveries about it. */
import { z } from 'zod';
import { event } from '../../webhooks/event.ts';
import { repositoriesOf } from '../../world/access.ts';
import type { Context, Json } from '../../world/context.ts';
import { needAccount, needInstallation, needRepository } from '../../world/lookup.ts';
import type { Installation } from '../../world/types.ts';
import type { World } from '../../world/world.ts';
import { action } from '../action.ts';
import { actor, by, repo } from '../inputs.ts';
import { repositoryStub } from '../repositories/repository-shape.ts';
import { defineResource } from '../resource.ts';
import { showInstallation } from '../show.ts';
import { changeSelection, type Selection } from './installation-selection.ts';
import { installationShape } from './installation-shape.ts';
import {
  acceptPermissions,
  install,
  type InstallationOccurrence,
  type InstallationRepositoriesOccurrence,
  revokeTokens,
  suspend,
  uninstall,
  unsuspend,
} from './installation.ts';

const id = z.number();
const repositories = z.union([z.literal('all'), z.array(repo)]);

function selection(world: World, value: z.output<typeof repositories>): Selection {
  return value === 'all' ? value : value.map((key) => needRepository(world, key));
}

const installationActions = {
  install: action({
    about: 'Install the App on an account, for all repositories or some.',
    example: { account: 'acme', repositories: 'all' },
    input: z.object({
      account: z.string(),
      repositories: repositories.default('all'),
      permissions: z.record(z.string(), z.string()).optional(),
      by,
    }),
    run: ({ world }, input) =>
      install(
        world,
        needAccount(world, input.account),
        selection(world, input.repositories),
        actor(world, input.by),
        input.permissions,
      ),
    show: showInstallation,
  }),
  uninstall: action({
    about: 'Uninstall the App.',
    example: { id: 70000001 },
    input: z.object({ id, by }),
    run: ({ world }, input) => {
      const installation = needInstallation(world, input.id);
      uninstall(world, installation, actor(world, input.by));
      return installation;
    },
    show: showInstallation,
  }),
  suspend: action({
    about: 'Suspend an installation: no deliveries, and its tokens are rejected.',
    example: { id: 70000001 },
    input: z.object({ id, by }),
    run: ({ world }, input) => {
      const installation = needInstallation(world, input.id);
      suspend(world, installation, actor(world, input.by));
      return installation;
    },
    show: showInstallation,
  }),
  unsuspend: action({
    about: 'Unsuspend an installation; events during the suspension are not delivered.',
    example: { id: 70000001 },
    input: z.object({ id, by }),
    run: ({ world }, input) => {
      const installation = needInstallation(world, input.id);
      unsuspend(world, installation, actor(world, input.by));
      return installation;
    },
    show: showInstallation,
  }),
  changeSelection: action({
    about: 'Give an installation all repositories, or exactly these.',
    example: { id: 70000001, repositories: ['octo-sandbox/app'] },
    input: z.object({ id, repositories, by }),
    run: ({ world }, input) => {
      const installation = needInstallation(world, input.id);
      changeSelection(world, installation, selection(world, input.repositories), actor(world, input.by));
      return installation;
    },
    show: showInstallation,
  }),
  changePermissions: action({
    about: 'Change the permissions (and events) that an installation accepted.',
    example: { id: 70000001, permissions: { metadata: 'read', contents: 'read' } },
    input: z.object({
      id,
      permissions: z.record(z.string(), z.string()),
      events: z.array(z.string()).optional(),
      by,
    }),
    run: ({ world }, input) => {
      const installation = needInstallation(world, input.id);
      acceptPermissions(world, installation, input.permissions, actor(world, input.by), input.events);
      return installation;
    },
    show: showInstallation,
  }),
  showInstallationAccount: action({
    about: 'Show null or an Enterprise as an installation’s account, or its account again.',
    example: { id: 70000001, as: 'enterprise' as const },
    input: z.object({ id, as: z.enum(['account', 'null', 'enterprise']) }),
    run: ({ world }, input) => {
      const installation = needInstallation(world, input.id);
      if (input.as === 'account') delete installation.accountShown;
      else installation.accountShown = input.as;
      return installation;
    },
    show: showInstallation,
  }),
  miscountRepositories: action({
    about: 'Make an installation’s `total_count` count more (or fewer) repositories than are listed.',
    example: { id: 70000001, by: 1 },
    input: z.object({ id, by: z.number().int() }),
    run: ({ world }, input) => {
      const installation = needInstallation(world, input.id);
      installation.countOff = input.by;
      return installation;
    },
    show: showInstallation,
  }),
  revokeTokens: action({
    about: 'Revoke all tokens of an installation at once.',
    example: { id: 70000001 },
    input: z.object({ id }),
    run: ({ world }, input) => revokeTokens(world, input.id),
  }),
};

/** Times are epoch seconds here, but ISO text in `suspend` and `unsuspend`, as in GitHub's own examples. */
function installationPayload(context: Context, occurrence: InstallationOccurrence): Json {
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

function selectionPayload(context: Context, occurrence: InstallationRepositoriesOccurrence): Json {
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

export const installationResource = defineResource({
  actions: installationActions,
  events: [
    event(['installation'], [], installationPayload),
    event(['installation_repositories'], [], selectionPayload),
  ],
});
