import type { CommitRow } from '../../model.ts';
import { resolveAuthors } from '../contributors/resolve-authors.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';

/** How many commits are held when their people are stored for the first time: five pages. */
const FIRST = 500;

/** Stores the people of a history that is still being read. */
export interface PeopleAhead {
  /**
   * Begins to store those of the commits held so far, if these are twice as many as last time.
   *
   * @param date when GitHub answered with the latest of them
   */
  look(held: readonly CommitRow[], date: string): void;
  /** Waits until none is being stored. */
  done(): Promise<void>;
}

/**
 * The commits of a history are written at its end, and their authors before them. Most authors of a history
 * appear early in it: they are stored while the rest is read, so that the end need only look them up.
 */
export function createPeopleAhead({ orm, api, repository }: RepositoryFacts): PeopleAhead {
  let next = FIRST;
  let seen = 0;
  let storing: Promise<unknown> | null = null;

  return {
    look(held, date) {
      if (held.length < next || storing !== null) return;
      next = 2 * held.length;
      const commits = held.slice(seen).map((row) => ({ ...row, repository_id: repository.id }));
      seen = held.length;
      // A failure, or a person whom PostgreSQL rejects, is met and reported when the commits are written.
      storing = resolveAuthors(orm, commits, date, api.noreplyHost)
        .catch(() => undefined)
        .finally(() => {
          storing = null;
        });
    },
    async done() {
      await storing;
    },
  };
}
