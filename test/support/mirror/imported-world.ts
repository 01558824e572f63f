import type { TestDatabase } from '../database.ts';

/** A database as the import of the usual world left it, and what the sandbox needs to be in the same state again. */
export interface ImportedWorld {
  database: TestDatabase;
  jobId: string;
  /** when all of it was made, in seconds of Unix time: SHAs depend on it */
  yesterday: number;
}

/**
 * Imports once what every test would import again. Not before it is wanted for a second time: many files have one mirror
 * for all their tests.
 */
export function createImportedWorld(importIt: () => Promise<ImportedWorld>) {
  let wanted = 0;
  let world: Promise<ImportedWorld> | undefined;
  return {
    async next(): Promise<ImportedWorld | null> {
      wanted += 1;
      if (wanted > 1) world ??= importIt();
      return world ?? null;
    },
    async drop(): Promise<void> {
      await (await world)?.database.drop();
    },
  };
}
