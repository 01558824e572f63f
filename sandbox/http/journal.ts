/** The requests to the sandbox: the latest ones, and sums over all of them. */

export interface JournalEntry {
  at: number;
  method: string;
  path: string;
  route: string;
  installationId: number | null;
  status: number;
  /** Sent although the bucket was empty or a secondary limit held. */
  limited: boolean;
  points: number;
  durationMs: number;
}

const KEPT = 10_000;

export interface Journal {
  record(entry: JournalEntry): void;
  /** The latest first, at most `limit`. */
  latest(limit: number): JournalEntry[];
  stats(): JournalStats;
  reset(): void;
}

export interface JournalStats {
  requests: number;
  limited: number;
  points: number;
  byRoute: Record<string, number>;
  byInstallation: Record<string, number>;
  byStatus: Record<string, number>;
}

/** An empty journal. */
export function createJournal(): Journal {
  let entries: JournalEntry[] = [];
  let sums = emptyStats();
  return {
    record: (entry) => {
      entries.push(entry);
      if (entries.length > 2 * KEPT) entries = entries.slice(-KEPT);
      sums.requests += 1;
      sums.limited += entry.limited ? 1 : 0;
      sums.points += entry.points;
      count(sums.byRoute, `${entry.method} ${entry.route}`);
      count(sums.byInstallation, String(entry.installationId ?? 'none'));
      count(sums.byStatus, String(entry.status));
    },
    latest: (limit) => entries.slice(-limit).toReversed(),
    stats: () => structuredClone(sums),
    reset: () => {
      entries = [];
      sums = emptyStats();
    },
  };
}

function emptyStats(): JournalStats {
  return { requests: 0, limited: 0, points: 0, byRoute: {}, byInstallation: {}, byStatus: {} };
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
