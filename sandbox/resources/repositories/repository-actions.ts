/** Repositories. */
import { z } from 'zod';
import { needAccount } from '../../world/lookup.ts';
import { createRepository, deleteRepository, forkRepository } from './repository.ts';
import {
  editRepository,
  renameRepository,
  setArchived,
  setBlock,
  setVisibility,
} from './repository-settings.ts';
import { transferRepository } from './repository-transfer.ts';
import { action } from '../action.ts';
import { actor, by, given, repo, target } from '../inputs.ts';
import { showRepository } from '../show.ts';

export const repositoryActions = {
  createRepository: action({
    about: 'Create an empty repository, optionally with an id of your choice (for example above 2^31).',
    example: { owner: 'octo-sandbox', name: 'brand-new' },
    input: z.object({
      owner: z.string(),
      name: z.string(),
      private: z.boolean().optional(),
      description: z.string().nullable().optional(),
      language: z.string().nullable().optional(),
      topics: z.array(z.string()).optional(),
      defaultBranch: z.string().optional(),
      hasIssues: z.boolean().optional(),
      id: z.number().optional(),
      by,
    }),
    run: ({ world }, input) => {
      const { owner, by: login, ...rest } = input;
      const who = needAccount(world, owner);
      return createRepository(world, who, { ...given(rest), name: rest.name }, actor(world, login));
    },
    show: showRepository,
  }),
  forkRepository: action({
    about: 'Fork a repository to another account.',
    example: { repo: 'octo-sandbox/app', to: 'hubert' },
    input: z.object({ repo, to: z.string(), name: z.string().optional() }),
    run: ({ world }, input) => {
      const { repository } = target(world, input);
      const owner = needAccount(world, input.to);
      return forkRepository(world, repository, owner, actor(world, undefined), input.name);
    },
    show: showRepository,
  }),
  deleteRepository: action({
    about: 'Delete a repository.',
    example: { repo: 'octo-sandbox/playground' },
    input: z.object({ repo, by }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      deleteRepository(world, repository, who);
      return { id: repository.id, deleted: true };
    },
  }),
  renameRepository: action({
    about: 'Rename a repository; the old name redirects.',
    example: { repo: 'octo-sandbox/app', name: 'application' },
    input: z.object({ repo, name: z.string(), by }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      renameRepository(world, repository, input.name, who);
      return repository;
    },
    show: showRepository,
  }),
  transferRepository: action({
    about: 'Transfer a repository to another account.',
    example: { repo: 'octo-sandbox/app', to: 'acme' },
    input: z.object({ repo, to: z.string(), by }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      transferRepository(world, repository, needAccount(world, input.to), who);
      return repository;
    },
    show: showRepository,
  }),
  editRepository: action({
    about:
      'Edit description, homepage, topics, default branch, language, stars; switch issues or pull requests on or off.',
    example: { repo: 'octo-sandbox/app', description: 'Now with more octopus', hasIssues: true },
    input: z.object({
      repo,
      description: z.string().nullable().optional(),
      homepage: z.string().nullable().optional(),
      topics: z.array(z.string()).optional(),
      defaultBranch: z.string().optional(),
      hasIssues: z.boolean().optional(),
      hasPullRequests: z.boolean().optional(),
      language: z.string().nullable().optional(),
      stargazers: z.number().optional(),
      contributorsTooLarge: z.boolean().optional(),
      by,
    }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      const { repo: _repo, by: _by, contributorsTooLarge, ...rest } = input;
      editRepository(world, repository, given(rest), who);
      if (contributorsTooLarge !== undefined) repository.contributorsTooLarge = contributorsTooLarge;
      return repository;
    },
    show: showRepository,
  }),
  archiveRepository: action({
    about: 'Archive or unarchive a repository.',
    example: { repo: 'octo-sandbox/app', archived: true },
    input: z.object({ repo, archived: z.boolean().default(true), by }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      setArchived(world, repository, input.archived, who);
      return repository;
    },
    show: showRepository,
  }),
  setVisibility: action({
    about: 'Make a repository public or private.',
    example: { repo: 'octo-sandbox/app', visibility: 'private' as const },
    input: z.object({ repo, visibility: z.enum(['public', 'private', 'internal']), by }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      setVisibility(world, repository, input.visibility, who);
      return repository;
    },
    show: showRepository,
  }),
  miscount: action({
    about: 'Make GraphQL count more (or fewer) issues or pull requests than are listed anywhere.',
    example: { repo: 'octo-sandbox/app', issues: 1 },
    input: z.object({ repo, issues: z.number().int().default(0), pullRequests: z.number().int().default(0) }),
    run: ({ world }, { issues, pullRequests, ...input }) => {
      const { repository } = target(world, input);
      repository.countsOff = { issues, pullRequests };
      return repository;
    },
    show: showRepository,
  }),
  blockRepository: action({
    about: 'Block a repository (dmca: 451, tos: 403); null unblocks it.',
    example: { repo: 'octo-sandbox/app', reason: 'dmca' as const },
    input: z.object({ repo, reason: z.enum(['dmca', 'tos', 'unavailable']).nullable() }),
    run: ({ world }, input) => {
      const { repository } = target(world, input);
      setBlock(world, repository, input.reason);
      return repository;
    },
    show: showRepository,
  }),
};
