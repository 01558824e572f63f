/** Releases and their assets by the control API. */
import { z } from 'zod';
import { action } from '../action.ts';
import { by, given, repo, target } from '../inputs.ts';
import type { Context, Json } from '../../world/context.ts';
import { WorldError } from '../../world/errors.ts';
import type { World } from '../../world/world.ts';
import { releaseShape } from './release-shape.ts';
import {
  createRelease,
  deleteRelease,
  draftRelease,
  editRelease,
  publishRelease,
  unpublishRelease,
  uploadAsset,
} from './release.ts';

const tag = z.string();

const example = { repo: 'octo-sandbox/app', tag: 'v0.1.0' };

/** The release of a tag, with its repository and who acts. Throws WorldError 404. */
function releaseTarget(world: World, input: { repo: string | number; tag: string; by?: string | undefined }) {
  const found = target(world, input);
  const release = [...found.repository.releases.values()].find(({ tagName }) => tagName === input.tag);
  if (!release) throw new WorldError(`no release of ${input.tag}`, 404);
  return { ...found, release };
}

function show(context: Context, { repository, release }: ReturnType<typeof releaseTarget>): Json {
  return releaseShape(context, repository, release);
}

const named = z.object({ repo, tag, by });

export const releaseActions = {
  createRelease: action({
    about: 'Publish a release (a missing tag is created), or save a draft.',
    example: { repo: 'octo-sandbox/app', tag: 'v99.0.0', body: 'Less ink.' },
    input: z.object({
      repo,
      tag,
      target: z.string().optional(),
      name: z.string().nullable().optional(),
      body: z.string().nullable().optional(),
      prerelease: z.boolean().optional(),
      draft: z.boolean().default(false),
      by,
    }),
    run: ({ world }, { tag: tagName, target: at, name, body, prerelease, draft, ...input }) => {
      const found = target(world, input);
      const fields = { tagName, ...given({ target: at, name, body, prerelease }) };
      const create = draft ? draftRelease : createRelease;
      return { ...found, release: create(world, found.repository, fields, found.who) };
    },
    show,
  }),
  publishRelease: action({
    about: 'Publish a draft; with `undo` turn a release back into a draft.',
    example: { ...example, undo: true },
    input: named.extend({ undo: z.boolean().default(false) }),
    run: ({ world }, { undo, ...input }) => {
      const found = releaseTarget(world, input);
      (undo ? unpublishRelease : publishRelease)(world, found.repository, found.release, found.who);
      return found;
    },
    show,
  }),
  editRelease: action({
    about: 'Change a release.',
    example: { ...example, body: 'Even less ink.', prerelease: true },
    input: named.extend({
      name: z.string().nullable().optional(),
      body: z.string().nullable().optional(),
      prerelease: z.boolean().optional(),
    }),
    run: ({ world }, { name, body, prerelease, ...input }) => {
      const found = releaseTarget(world, input);
      editRelease(world, found.repository, found.release, given({ name, body, prerelease }), found.who);
      return found;
    },
    show,
  }),
  deleteRelease: action({
    about: 'Delete a release; its tag stays.',
    example,
    input: named,
    run: ({ world }, input) => {
      const found = releaseTarget(world, input);
      deleteRelease(world, found.repository, found.release, found.who);
      return found;
    },
    show,
  }),
  uploadAsset: action({
    about: 'Upload an asset to a release; GitHub sends no event for it.',
    example: { ...example, name: 'manual.pdf' },
    input: named.extend({ name: z.string(), size: z.number().int().default(1024) }),
    run: ({ world }, { name, size, ...input }) => {
      const found = releaseTarget(world, input);
      uploadAsset(world, found.repository, found.release, { name, size }, found.who);
      return found;
    },
    show,
  }),
  deleteAsset: action({
    about: 'Delete an asset of a release (the latest unless named); GitHub sends no event for it.',
    example,
    input: named.extend({ name: z.string().optional() }),
    run: ({ world }, { name, ...input }) => {
      const found = releaseTarget(world, input);
      const { assets: all } = found.release;
      const gone = name === undefined ? all.at(-1) : all.find((one) => one.name === name);
      if (!gone) throw new WorldError('no such asset', 404);
      found.release.assets = all.filter((one) => one !== gone);
      found.repository.version += 1;
      return found;
    },
    show,
  }),
};
