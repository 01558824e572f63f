/** What deliveries announced about one issue or pull request whose row their payloads do not decide. */
export interface Announcement<Row> {
  /** the deliveries that wait for GitHub's answer */
  guids: Set<string>;
  /** the newest `updated_at` shown; null if no timestamp changed */
  updated_at: string | null;
  /** the latest state with that time, if a payload shows the whole row */
  shown: Row | null;
  /** the row before, or null */
  stored: Row | null;
  /** it is marked as deleted here: the delivery is late, or it is back */
  marked: boolean;
  /** why GitHub no longer has it, according to a delivery, or null */
  deleted: 'deleted' | 'transferred' | null;
  /** ids of comments created and deleted */
  comments: { created: Set<number>; deleted: Set<number> };
  /** names of labels that were renamed or deleted */
  formerLabels: Set<string>;
}

export type Announcements<Row> = Map<number, Announcement<Row>>;

/** The announcement for `number`, created if there is none. `guid` waits for its answer. */
export function announce<Row>(
  to: Announcements<Row>,
  number: number,
  guid: string | null,
): Announcement<Row> {
  const found = to.get(number) ?? {
    guids: new Set<string>(),
    updated_at: null,
    shown: null,
    stored: null,
    marked: false,
    deleted: null,
    comments: { created: new Set<number>(), deleted: new Set<number>() },
    formerLabels: new Set<string>(),
  };
  to.set(number, found);
  if (guid !== null) found.guids.add(guid);
  return found;
}

/** Merges what several sources announce about the same numbers, with the rows as they were before. */
export function joinAnnouncements<Row extends { number: number }>(
  sources: readonly Announcements<Row>[],
  known: ReadonlyMap<number | string, { row: Row; deleted: boolean }>,
): Announcements<Row> {
  const joined: Announcements<Row> = new Map();
  for (const [number, one] of sources.flatMap((source) => [...source])) {
    const announcement = announce(joined, number, null);
    for (const guid of one.guids) announcement.guids.add(guid);
    if (one.updated_at !== null) announceTime(announcement, one.updated_at);
    announcement.shown = one.shown ?? announcement.shown;
    announcement.marked ||= one.marked;
    announcement.deleted ??= one.deleted;
    for (const id of one.comments.created) announcement.comments.created.add(id);
    for (const id of one.comments.deleted) announcement.comments.deleted.add(id);
  }
  for (const { row, deleted } of known.values()) {
    const announcement = joined.get(row.number);
    if (announcement === undefined) continue;
    announcement.stored = row;
    announcement.marked ||= deleted;
  }
  return joined;
}

/** Keeps a payload's time if it is the newest. */
export function announceTime(announcement: Pick<Announcement<unknown>, 'updated_at'>, time: string): void {
  const { updated_at: known } = announcement;
  if (known === null || Date.parse(time) > Date.parse(known)) announcement.updated_at = time;
}

/** The columns of issues and pull requests that show how new a row is. */
export interface Versioned {
  number: number;
  updated_at: string;
  labels: readonly string[];
  comments_count?: number | null | undefined;
}

/**
 * Whether GitHub's answer is as new as what was announced. The timestamp alone is not enough: a deleted comment
 * changes none, counts lag by seconds, and two states may share a second.
 */
export function isAsNew<Row extends Versioned>(answer: Row, announced: Announcement<Row>): boolean {
  const { updated_at: time, stored, shown } = announced;
  const age = time === null ? 0 : Date.parse(answer.updated_at) - Date.parse(time);
  if (age < 0) return false;
  if (answer.labels.some((label) => announced.formerLabels.has(label))) return false;
  if (!isCountShown(answer, announced)) return false;
  if (age > 0 || shown === null || stored === null || shown.updated_at !== time) return true;
  // The previous state, with the same second: either GitHub's answer is stale, or the delivery is late.
  return isSame(answer, shown) || !isSame(answer, stored);
}

function isCountShown({ comments_count: count }: Versioned, announced: Announcement<Versioned>): boolean {
  const { stored, comments, updated_at: time } = announced;
  if (typeof count !== 'number' || typeof stored?.comments_count !== 'number') return true;
  const deleted = [...comments.deleted].filter((id) => !comments.created.has(id)).length;
  const created = [...comments.created].filter((id) => !comments.deleted.has(id)).length;
  // A new comment changes the timestamp: if the row is already as new, its count included the comment.
  const isOlder = time !== null && Date.parse(stored.updated_at) < Date.parse(time);
  const expected = stored.comments_count + (isOlder ? created : 0) - deleted;
  // A deletion changes no timestamp: only the count shows whether it was included, and a lagging count may be
  // too low as well.
  if (deleted > 0) return created > 0 || count === expected;
  return !isOlder || created === 0 || count >= expected;
}

/** Compares the fields that both contain, except `author`, to which the row only refers, and our own mark. */
export function isSame(a: object, b: object): boolean {
  const shown: [string, unknown][] = Object.entries(a);
  return shown.every(([name, value]) => {
    if (name === 'author' || name === 'was_deleted') return true;
    const other: unknown = Reflect.get(b, name);
    // Most values are equal strings and numbers: only lists have to be serialized.
    if (value === other || value === undefined || other === undefined) return true;
    return JSON.stringify(value) === JSON.stringify(other);
  });
}
