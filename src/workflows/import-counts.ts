/**
 * How far an import is, in its two phases: first the required kinds of every repository, then, where there are any, the
 * further ones (a backfill). A repository that has its required kinds waits again at once, as a backfill.
 */
export interface ImportCounts {
  /** repositories that wait for their required kinds, and the most that ever did */
  required: PhaseCount;
  /** those that wait for nothing but their further kinds */
  backfills: PhaseCount;
  /** from where the pace of the phase under way is measured: when, and how many waited then */
  pace: { phase: Phase; since: number; queued: number } | null;
}

interface PhaseCount {
  queued: number;
  total: number;
}

export type Phase = 'importing' | 'backfilling' | 'finishing';

export function createImportCounts(): ImportCounts {
  return { required: { queued: 0, total: 0 }, backfills: { queued: 0, total: 0 }, pace: null };
}

/** How many wait, in either phase. */
export function queuedOf({ required, backfills }: ImportCounts): number {
  return required.queued + backfills.queued;
}

/**
 * Takes down how many wait now, as the database counts them.
 *
 * @param backfills how many of `queued` wait for their further kinds; earlier versions do not tell them apart
 */
export function countImport(counts: ImportCounts, queued: number, backfills = 0): void {
  setQueued(counts.required, queued - backfills);
  setQueued(counts.backfills, backfills);
  const phase = phaseOf(counts);
  const left = phase === 'backfilling' ? backfills : queued - backfills;
  const isUnderWay = counts.pace?.phase === phase && left <= counts.pace.queued;
  if (!isUnderWay) counts.pace = { phase, since: Date.now(), queued: left };
}

/** The phase under way: what is done of it, and in how many seconds the rest is at its own pace; null while unknown. */
export function progressOf(counts: ImportCounts) {
  const phase = phaseOf(counts);
  const { queued, total } = phase === 'backfilling' ? counts.backfills : counts.required;
  return { phase, done: total - queued, total, eta_seconds: etaOf(counts, queued) };
}

function phaseOf({ required, backfills }: ImportCounts): Phase {
  if (required.queued > 0) return 'importing';
  return backfills.queued > 0 ? 'backfilling' : 'finishing';
}

function setQueued(count: PhaseCount, queued: number): void {
  count.queued = queued;
  count.total = Math.max(count.total, queued);
}

function etaOf({ pace }: ImportCounts, queued: number): number | null {
  if (queued === 0) return 0;
  const done = pace === null ? 0 : pace.queued - queued;
  if (pace === null || done <= 0) return null;
  return Math.round(((Date.now() - pace.since) / 1000 / done) * queued);
}
