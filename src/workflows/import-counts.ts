/**
 * The progress of an import in its two phases: first the required kinds of every repository, then, if there are
 * any, the further kinds (a backfill). A repository whose required kinds are done is queued again at once, as a
 * backfill.
 */
export interface ImportCounts {
  /** repositories queued for their required kinds, and the largest number so far */
  required: PhaseCount;
  /** repositories queued only for their further kinds */
  backfills: PhaseCount;
  /** the start of the pace measurement for the current phase: the time, and how many were queued then */
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

/** How many are queued, in both phases together. */
export function queuedOf({ required, backfills }: ImportCounts): number {
  return required.queued + backfills.queued;
}

/**
 * Records how many are queued now, as counted by the database.
 *
 * @param backfills how many of `queued` are backfills; earlier versions do not distinguish them
 */
export function countImport(counts: ImportCounts, queued: number, backfills = 0): void {
  setQueued(counts.required, queued - backfills);
  setQueued(counts.backfills, backfills);
  const phase = phaseOf(counts);
  const left = phase === 'backfilling' ? backfills : queued - backfills;
  const isUnderWay = counts.pace?.phase === phase && left <= counts.pace.queued;
  if (!isUnderWay) counts.pace = { phase, since: Date.now(), queued: left };
}

/** The current phase: how much is done, and how many seconds remain at its own pace; null while unknown. */
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
