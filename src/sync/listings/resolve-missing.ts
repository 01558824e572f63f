import { SyncError, type ErrorCode } from '../../errors.ts';

/** Batch size: the answers of one batch are written before the next is requested. */
const BATCH = 100;
/** Concurrent single requests; the installation's limiter bounds all of them together. */
const SIDE_BY_SIDE = 8;
/** After this many failed requests, and none answered, the cause is GitHub, not the requested objects. */
const FAILED_AT_MOST = 3;
/**
 * How many failures of a batch are tolerated beside answered requests; the rest waits for the next comparison.
 */
const TRIED_AT_MOST = 25;
/** An error of the requested object; any other error would affect the next request too. */
const ownErrors = new Set<ErrorCode>([
  'GITHUB_UNAVAILABLE',
  'GITHUB_BAD_ANSWER',
  'NOT_FOUND',
  'NOT_YET_VISIBLE',
  'PERMISSION_MISSING',
  'REPOSITORY_BLOCKED',
]);

/** How rows missing from a list are resolved. */
export interface Resolution<Item, Verdict> {
  /** GitHub's answer for each, requested by name, number or id */
  ask(items: readonly Item[]): Promise<Answers<Item, Verdict>>;
  /** writes the answers, in one transaction */
  write(verdicts: readonly (readonly [Item, Verdict])[]): Promise<void>;
  /** called between two batches; may throw to continue in another round, which then has fewer to request */
  pause?(): void | Promise<void>;
}

export interface Answers<Item, Verdict> {
  verdicts: (readonly [Item, Verdict])[];
  /** why some could not be requested: they stay as they were */
  error: SyncError | null;
}

/**
 * The one rule for rows that are live here but missing from a list of GitHub's, for branches, issues, pull
 * requests, repositories and installations alike: a list alone proves no absence, however complete it looks (it
 * may have shrunk while it was paged, or have been empty once), so each missing object is requested
 * individually.
 *
 * @returns the first error of those that could not be requested, or null
 */
export async function resolveMissing<Item, Verdict>(
  missing: readonly Item[],
  how: Resolution<Item, Verdict>,
): Promise<SyncError | null> {
  let first: SyncError | null = null;
  for (let from = 0; from < missing.length; from += BATCH) {
    if (from > 0) await how.pause?.();
    const { verdicts, error } = await how.ask(missing.slice(from, from + BATCH));
    first ??= error;
    await how.write(verdicts);
  }
  return first;
}

/**
 * Makes an `ask` from a single request. A request that fails because of its object leaves the others alone.
 *
 * @param isUnavailable whether GitHub answers nothing at all, once several requests without an answer suggest it
 * @throws whatever would affect the other requests too: a rate limit, lost credentials, GitHub being
 * unavailable
 */
export function oneByOne<Item, Verdict>(
  ask: (item: Item) => Promise<Verdict>,
  isUnavailable = () => Promise.resolve(true),
): Resolution<Item, Verdict>['ask'] {
  return async (items) => {
    const answers: Answers<Item, Verdict> = { verdicts: [], error: null };
    const queue = [...items];
    let failed = 0;
    let fatal: { error: unknown } | null = null;
    let away: Promise<boolean> | null = null;
    async function next(): Promise<void> {
      while (fatal === null && failed < TRIED_AT_MOST) {
        const item = queue.shift();
        if (item === undefined) return;
        try {
          answers.verdicts.push([item, await ask(item)]);
        } catch (error) {
          failed += 1;
          const own = error instanceof SyncError && ownErrors.has(error.code);
          if (own) answers.error ??= error;
          const isUnanswered = failed > FAILED_AT_MOST && answers.verdicts.length === 0;
          if (!own || (isUnanswered && (await (away ??= isUnavailable())))) fatal ??= { error };
        }
      }
    }
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, next));
    // Assigned inside a callback, which the compiler does not see: it still considers it null.
    const found = fatal as { error: unknown } | null;
    if (found !== null) throw found.error;
    return answers;
  };
}
