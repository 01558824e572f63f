/** A repository's labels. */
import { z } from 'zod';
import { WorldError } from '../../world/errors.ts';
import { createLabel, deleteLabel, editLabel, findLabel } from './label.ts';
import type { Label, Repository } from '../../world/types.ts';
import { action } from '../../control/action.ts';
import { by, given, repo, target } from '../../control/inputs.ts';
import { showPlain } from '../../control/show.ts';

function need(repository: Repository, name: string): Label {
  const label = findLabel(repository, name);
  if (!label) throw new WorldError(`no label ${name}`, 404);
  return label;
}

export const labelActions = {
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
    show: showPlain,
  }),
  editLabel: action({
    about: 'Rename or recolour a label; the issues that have it keep their updated_at.',
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
    show: showPlain,
  }),
  deleteLabel: action({
    about: 'Delete a label; it vanishes from every issue.',
    example: { repo: 'octo-sandbox/app', name: 'bug' },
    input: z.object({ repo, name: z.string(), by }),
    run: ({ world }, input) => {
      const { repository, who } = target(world, input);
      const label = need(repository, input.name);
      deleteLabel(world, repository, label, who);
      return label;
    },
    show: showPlain,
  }),
};
