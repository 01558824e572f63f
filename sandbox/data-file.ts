/** The world on disk, so that a restart resumes: same key, same ids, same data. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { repositoryState } from './resources/index.ts';
import { deserialise, serialise } from './world/snapshot.ts';
import type { WorldState } from './world/types.ts';
import { upgrade } from './world/upgrade.ts';
import type { World } from './world/world.ts';

const EVERY_MS = 30_000;

/** Deliveries written to disk; older ones are forgotten by a restart. */
const DELIVERIES = 1000;

export interface DataFile {
  state: WorldState | null;
  /** Saves from time to time from now on. */
  keep(world: World): void;
  close(world: World): Promise<void>;
}

/** Reads the file if there is one. Without a path nothing is read or kept. */
export async function openData(path: string | undefined): Promise<DataFile> {
  if (path === undefined) return { state: null, keep: () => undefined, close: () => Promise.resolve() };
  const state = existsSync(path) ? upgrade(deserialise(await readFile(path, 'utf8')), repositoryState) : null;
  let timer: NodeJS.Timeout | null = null;
  let saving: Promise<void> = Promise.resolve();
  const save = (world: World): Promise<void> => {
    saving = saving.then(() => write(path, world));
    return saving;
  };
  return {
    state,
    keep: (world) => {
      void save(world);
      timer = setInterval(() => void save(world), EVERY_MS);
    },
    close: (world) => {
      if (timer) clearInterval(timer);
      return save(world);
    },
  };
}

/** Whole or not at all: a new file takes the old one's place. */
async function write(path: string, { state }: World): Promise<void> {
  const text = serialise({ ...state, deliveries: state.deliveries.slice(-DELIVERIES) });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
