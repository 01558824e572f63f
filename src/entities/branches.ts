import { z } from 'zod';
import { defineEntity } from './define-entity.ts';
import type { RowIn } from './entity.ts';
import { flag, text } from './fields.ts';

/** Branches by name, with their heads. */
export const branches = defineEntity({
  name: 'branches',
  label: 'branches',
  permissions: ['contents'],
  required: true,
  columns: { name: 'text', head_sha: 'text', protected: 'boolean' },
  key: ['repository_id', 'name'],
  // A push says where a branch points, not whether it is protected.
  partial: ['protected'],
  clock: null,
  authored: false,
  answer: z.object({ name: text, commit: z.object({ sha: z.string() }), protected: flag }),
  toRow: ({ name, commit, protected: isProtected }) => ({
    name,
    head_sha: commit.sha,
    protected: isProtected,
  }),
  list: { by: 'whole', path: '/branches' },
  one: ({ name }) => `/branches/${encodeURIComponent(name)}`,
  isFoundByName: true,
});

export type BranchRow = RowIn<typeof branches>;
