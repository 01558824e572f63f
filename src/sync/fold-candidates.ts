/** An issue or pull request as a delivery's payload shows it. */
export interface Candidate<Row> {
  guid: string;
  row: Row;
}

interface Versioned {
  id: number;
  number: number;
  updated_at: string;
}

export interface Stored<Row> {
  row: Row;
  deleted: boolean;
}

export interface Folded<Row> {
  /** rows to be written at once: newer than what is stored */
  write: Row[];
  /** numbers to be asked for, since the payloads do not settle them, with the newest `updated_at` announced */
  ask: Map<number, string | null>;
  /** the deliveries that wait for those answers */
  waiting: Set<string>;
}

/**
 * Works out what payloads tell, in whatever order they came and however often. A newer `updated_at` wins; an
 * older one is a late delivery and says nothing. Two states of the same second cannot be told apart, and one
 * that is unknown here although everything of its time was read may be gone since: both are asked for.
 *
 * @param through everything updated before is in the rows, or null when nothing was read yet
 */
export function foldCandidates<Row extends Versioned>(
  candidates: readonly Candidate<Row>[],
  stored: ReadonlyMap<number, Stored<Row>>,
  through: string | null,
): Folded<Row> {
  const folded: Folded<Row> = { write: [], ask: new Map(), waiting: new Set() };
  const byId = Map.groupBy(candidates, ({ row }) => row.id);
  for (const [id, ofOne] of byId) {
    const known = stored.get(id);
    // What GitHub lost does not come back: its number and id are never used again.
    if (known?.deleted) continue;
    let newest = known?.row;
    let doubtful = false;
    for (const { row } of ofOne) {
      const age = newest === undefined ? 1 : Date.parse(row.updated_at) - Date.parse(newest.updated_at);
      if (age > 0) {
        newest = row;
        doubtful = known === undefined && isBefore(row.updated_at, through);
      } else if (age === 0 && newest !== undefined && !isSame(row, newest)) {
        doubtful = true;
      }
    }
    if (newest === undefined) continue;
    if (doubtful) {
      folded.ask.set(newest.number, newest.updated_at);
      for (const { guid } of ofOne) folded.waiting.add(guid);
      if (known === undefined && isBefore(newest.updated_at, through)) continue;
    }
    if (newest !== known?.row) folded.write.push(newest);
  }
  return folded;
}

function isBefore(time: string, through: string | null): boolean {
  return through !== null && Date.parse(time) < Date.parse(through);
}

/** Field by field; `author` aside, which the row only refers to, and our own mark. */
function isSame<Row extends object>(a: Row, b: Row): boolean {
  const fields = (row: Row) =>
    JSON.stringify(
      Object.entries(row)
        .filter(([name]) => name !== 'author' && name !== 'deleted')
        .sort(([x], [y]) => (x < y ? -1 : 1)),
    );
  return fields(a) === fields(b);
}
