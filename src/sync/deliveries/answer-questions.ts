import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseUnavailable } from '../../db/database-errors.ts';
import { SyncError, type ErrorCode } from '../../errors.ts';
import { TimeSliceExpired } from '../context/interruption.ts';

/** A request to GitHub that is needed to apply deliveries. */
export interface Question {
  /** the deliveries that wait for the answer */
  guids: ReadonlySet<string>;
  /**
   * `performance.now()` (which is not affected by clock changes) after which GitHub's answer is accepted as it
   * is, however often it was asked
   */
  patientUntil: number;
  /**
   * Sends the request and writes the answer.
   *
   * @param last true for the last attempt: the answer is accepted as it is
   * @returns whether GitHub shows what it announced
   */
  ask(last: boolean): Promise<boolean>;
}

/** A request that GitHub does not answer. */
export interface Unanswered {
  guids: ReadonlySet<string>;
  error: unknown;
}

export interface Outcome {
  failed: Unanswered[];
  /** not shown yet: waiting was cut short by other work, or a rate limit is used up */
  left: Question[];
  /** why some of those are left: the rate limit that resets first; null if none is used up */
  limited: SyncError | null;
}

/** Errors of GitHub or the installation as a whole: the next request would fail too. */
const stopping = new Set<ErrorCode>([
  'RATE_LIMITED',
  'SECONDARY_RATE_LIMITED',
  'BAD_CREDENTIALS',
  'IP_NOT_ALLOWED',
  'INSTALLATION_SUSPENDED',
  'INSTALLATION_REMOVED',
  'LEASE_BUSY',
  'LEASE_LOST',
]);
/** After this many requests without any answer, GitHub as a whole is in doubt. */
const SILENT_AT_MOST = 3;

/**
 * Whether an error concerns only this request. Any other error ends the round, because it affects all requests.
 */
export function concernsOneRequest(error: unknown, signal?: AbortSignal): boolean {
  if (signal?.aborted === true) return false;
  if (error instanceof SyncError) return !stopping.has(error.code);
  return !isDatabaseUnavailable(error);
}

/** A foreign error's own message may quote data, so only its name is used. */
export function asSyncError(error: unknown): SyncError {
  if (error instanceof SyncError) return error;
  const name = error instanceof Error ? error.name : 'error';
  return new SyncError('UNKNOWN', name, { cause: error });
}

export interface Asking {
  /** before each further pass, in milliseconds */
  delays: readonly number[];
  signal?: AbortSignal | undefined;
  /** other work arrived: do not wait until GitHub shows this */
  isHurried(): boolean;
  /** the round is over: requests not sent by now are left */
  isOver(): boolean;
  /** whether GitHub as a whole does not answer */
  isUnavailable(): Promise<boolean>;
  /** how GitHub refuses the repository as a whole; null if only the requested object was refused */
  blockOfAll(): Promise<SyncError | null>;
}

/** @throws how GitHub refuses the repository as a whole, if `error` is a refusal: no request would succeed */
export async function throwIfAllIsBlocked(error: unknown, asking: Pick<Asking, 'blockOfAll'>): Promise<void> {
  if (!(error instanceof SyncError) || error.code !== 'REPOSITORY_BLOCKED') return;
  const block = await asking.blockOfAll();
  if (block !== null) throw block;
}

/**
 * Sends all requests, and repeats, all together, those whose answers do not yet show what GitHub announced. A
 * request that cannot be answered delays no other; nor does one whose rate limit is used up, since REST and GraphQL
 * have separate ones.
 *
 * @throws what affects all of them
 */
export async function answerQuestions(questions: readonly Question[], asking: Asking): Promise<Outcome> {
  const failed: Unanswered[] = [];
  let open = [...questions];
  let silent = 0;
  let isHeard = false;
  let isCutOff = false;
  let limited: SyncError | null = null;
  /** for a rate limit: not asked again here */
  const waiting: Question[] = [];

  async function handleError(question: Question, error: unknown): Promise<void> {
    if (!concernsOneRequest(error, asking.signal)) throw error;
    const isSilence = error instanceof SyncError && error.code === 'GITHUB_UNAVAILABLE';
    silent = isSilence ? silent + 1 : 0;
    isHeard ||= !isSilence;
    if (!isHeard && (silent >= SILENT_AT_MOST || silent === questions.length)) {
      if (await asking.isUnavailable()) throw error;
      isHeard = true;
    }
    await throwIfAllIsBlocked(error, asking);
    failed.push({ guids: question.guids, error });
  }

  for (let pass = 0; ; pass += 1) {
    const left: Question[] = [];
    const delay = asking.delays[pass];
    for (const question of open) {
      if (isCutOff || (asking.isOver() && question !== open[0])) {
        left.push(question);
        continue;
      }
      try {
        const last = delay === undefined || performance.now() > question.patientUntil;
        const isShown = await question.ask(last);
        if (!isShown && !last) left.push(question);
        isHeard = true;
      } catch (error) {
        if (error instanceof TimeSliceExpired) {
          // Saved so far; it continues in the next round.
          isCutOff = true;
          left.push(question);
        } else if (isRateLimit(error)) {
          limited = soonest([limited, error]);
          waiting.push(question);
        } else {
          await handleError(question, error);
        }
      }
    }
    const isAskedNoMore = isCutOff || asking.isOver() || (pass > 0 && asking.isHurried());
    if (left.length === 0 || delay === undefined || isAskedNoMore)
      return { failed, left: [...left, ...waiting], limited };
    open = left;
    await sleep(delay);
  }
}

/** Whether the rate limit of one API is used up: requests to the other may still be sent. */
export function isRateLimit(error: unknown): error is SyncError {
  return error instanceof SyncError && error.code === 'RATE_LIMITED';
}

/** The rate limit that resets first; null without any. */
export function soonest(limits: readonly (SyncError | null)[]): SyncError | null {
  const known = limits.filter((limit) => limit !== null);
  return known.toSorted((a, b) => (a.retryAfterMs ?? 0) - (b.retryAfterMs ?? 0))[0] ?? null;
}
