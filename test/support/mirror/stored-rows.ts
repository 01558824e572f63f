import type { Row } from './difference.ts';

/** Asks the product's database. */
export type Query = (statement: string) => Promise<Row[]>;

/** The tables that say something of GitHub. */
export const storedTables = [
  'installations',
  'repositories',
  'branches',
  'commits',
  'issues',
  'pull_requests',
  'labels',
  'milestones',
  'issue_comments',
  'pull_request_reviews',
  'pull_request_review_threads',
  'pull_request_review_comments',
  'tags',
  'releases',
  'release_assets',
  'contributors',
  'contributor_emails',
  'repository_contributors',
  'repository_totals',
  'pull_request_first_reviews',
  'pull_request_figures',
  'webhook_deliveries',
  'sync_jobs',
] as const;
export type StoredTable = (typeof storedTables)[number];

/** All rows of a table. */
export type StoredRows = (table: StoredTable) => readonly Row[];

/** Everything else is read whole. */
const statements: Partial<Record<StoredTable, string>> = {
  webhook_deliveries: 'select guid, event, status, error from webhook_deliveries',
  sync_jobs: 'select id, job_type, status, started_at from sync_jobs',
};

/** Reads every row as plain data: ids and counts are numbers, times are text as GitHub writes it. */
export async function readStoredRows(query: Query): Promise<StoredRows> {
  const read = new Map<StoredTable, Row[]>();
  for (const table of storedTables) {
    const rows = await query(statements[table] ?? `select * from ${table}`);
    read.set(table, rows.map(plain));
  }
  return (table) => read.get(table) ?? [];
}

/** Whichever driver read it: some answer times and large numbers as text. */
function plain(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const text = value instanceof Date ? value.toISOString() : value;
      if (typeof text !== 'string') return [name, text];
      if (/_at$|^due_on$|^waiting_since$/.test(name)) return [name, text.replace('.000Z', 'Z')];
      return [name, LARGE_NUMBER.test(name) && /^\d+$/.test(text) ? Number(text) : text];
    }),
  );
}

const LARGE_NUMBER = /(^|_)id$|^size$|^commits$|^issues$|^pull_requests$/;

export function byRepository(rows: readonly Row[]): Map<unknown, Row[]> {
  return Map.groupBy(rows, ({ repository_id: id }) => id);
}

/** The rows of a table of one repository, live or not; `author` is the account behind `author_id`. */
export function createRowsOf(stored: StoredRows) {
  const accounts = new Map(stored('contributors').map((row) => [row['id'], row['github_id']]));
  const tables = new Map<StoredTable, Map<unknown, Row[]>>();
  return (table: StoredTable, repositoryId: number): readonly Row[] => {
    let rows = tables.get(table);
    if (rows === undefined) {
      rows = byRepository(
        stored(table).map((row) => ({ ...row, author: accounts.get(row['author_id']) ?? null })),
      );
      tables.set(table, rows);
    }
    return rows.get(repositoryId) ?? [];
  };
}
