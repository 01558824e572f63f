import { SyncError, type ErrorCode } from '../../errors.ts';

/** So many are asked for, and what was learned of them written, before the next. */
const BATCH = 100;
/** Questions about single ones side by side; the installation's limiter bounds all of them together. */
const SIDE_BY_SIDE = 8;
/** After so many failed questions, and none that was answered, it is GitHub that fails, not what was asked for. */
const FAILED_AT_MOST = 3;
/** So many failed ones of a batch are tried beside those that are answered; the others wait for the next comparison. */
const TRIED_AT_MOST = 25;
/** Of the one that was asked for; any other error would meet the next question too. */
const ownErrors = new Set<ErrorCode>([
  'GITHUB_UNAVAILABLE',
  'GITHUB_BAD_ANSWER',
  'NOT_FOUND',
  'NOT_YET_VISIBLE',
  'PERMISSION_MISSING',
  'REPOSITORY_BLOCKED',
]);

/** How what a list lacks is resolved. */
export interface Resolution<Item, Verdict> {
  /** what GitHub says of each when it is asked for by its name, number or id */
  ask(items: readonly Item[]): Promise<Answers<Item, Verdict>>;
  /** writes what was answered, in one transaction */
  write(verdicts: readonly (readonly [Item, Verdict])[]): Promise<void>;
  /** called between two batches; may throw to continue in another round, which then has fewer to ask for */
  pause?(): void | Promise<void>;
}

export interface Answers<Item, Verdict> {
  verdicts: (readonly [Item, Verdict])[];
  /** why some could not be asked for: they stay as they were */
  error: SyncError | null;
}

/**
 * The one rule for what is live here and missing from a list of GitHub's, branches, issues, pull requests,
 * repositories and installations alike: a list alone proves no absence, however complete it looks (it may have
 * shrunk while it was read by page numbers, or have been empty once), so each missing one is asked for by itself.
 *
 * @returns the first error of those that could not be asked for, or null
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
 * Makes an `ask` of a question about a single one. A question that fails because of what it asks for leaves the
 * others as they are.
 *
 * @param isAway whether GitHub answers nothing at all, once several questions and no answer suggest it
 * @throws whatever would meet the other questions too: a limit, lost credentials, GitHub being away
 */
export function oneByOne<Item, Verdict>(
  ask: (item: Item) => Promise<Verdict>,
  isAway = () => Promise.resolve(true),
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
          if (!own || (isUnanswered && (await (away ??= isAway())))) fatal ??= { error };
        }
      }
    }
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, next));
    // Read through a function's write: the compiler takes it for null still.
    const found = fatal as { error: unknown } | null;
    if (found !== null) throw found.error;
    return answers;
  };
}
