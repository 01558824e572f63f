import { loggableMessage } from '../loggable-error.ts';
import { deepestWithState, isDatabaseUnavailable, otherSchemaStates } from './database-errors.ts';

/** What a person can mend of a database that is reachable but cannot serve. */
interface Trouble {
  states: RegExp;
  why: string;
  advice: string;
}

const SCHEMA: Trouble = {
  states: otherSchemaStates,
  why: 'the database lacks a table, a column or a privilege that this version needs',
  advice: 'Run npm run migrate; npm run doctor says which tables and privileges are missing.',
};

/** By SQLSTATE, or the code of a connection that could not be opened; of several causes the first. */
const troubles: readonly Trouble[] = [
  SCHEMA,
  {
    states: /^53100$/,
    why: 'the disk of the database is full',
    advice: 'See "The disk is full" in docs/operations.md.',
  },
  {
    states: /^53200$/,
    why: 'the database is out of memory',
    advice: 'Give its machine more, or lower work_mem or max_connections.',
  },
  {
    states: /^53300$/,
    why: 'the database has no connection left',
    advice:
      'See in pg_stat_activity who holds them; raise max_connections, or the limit of the role or database.',
  },
  {
    states: /^E[MN]FILE$/,
    why: 'this process may open no further connection to the database',
    advice: 'Raise its limit of open files (ulimit -n, LimitNOFILE in systemd).',
  },
  {
    states: /^25006$/,
    why: 'the database is read-only',
    advice: 'Name the primary in DATABASE_URL, or switch default_transaction_read_only off.',
  },
  {
    states: /^28...$/,
    why: 'the database does not let this role connect',
    advice: "Check the user and the password in DATABASE_URL, and the server's pg_hba.conf.",
  },
  {
    states: /^3D000$/,
    why: 'the database does not exist',
    advice: 'Check its name in DATABASE_URL; npm run migrate creates it.',
  },
];

function troubleOf(error: unknown): Trouble | undefined {
  return troubles.find(({ states }) => deepestWithState(error, states) !== null);
}

/**
 * The code and message for work that the database could not serve; null if the error is something else. A missing table,
 * column or privilege has a code of its own, because a statement of ours may be the mistake; PostgreSQL's message then
 * names the object, never a value.
 */
export function describeUnavailable(
  error: unknown,
): { code: 'DATABASE_UNAVAILABLE' | 'SCHEMA_MISMATCH'; message: string } | null {
  if (!isDatabaseUnavailable(error)) return null;
  const trouble = troubleOf(error);
  if (trouble === SCHEMA)
    return { code: 'SCHEMA_MISMATCH', message: `${SCHEMA.why}: ${wordsOf(error, SCHEMA.states)}` };
  return { code: 'DATABASE_UNAVAILABLE', message: trouble?.why ?? 'the database does not answer' };
}

/** What is wrong and what to do, for whoever runs a command; null if the error is something else. */
export function databaseComplaint(
  error: unknown,
): { problem: string; reason: string; advice: string } | null {
  if (!isDatabaseUnavailable(error)) return null;
  const trouble = troubleOf(error);
  if (trouble !== undefined)
    return {
      problem: `PostgreSQL at DATABASE_URL cannot serve, ${trouble.why}`,
      reason: wordsOf(error, trouble.states),
      advice: trouble.advice,
    };
  return {
    problem: 'PostgreSQL at DATABASE_URL does not answer',
    reason: wordsOf(error, /^/),
    advice: 'Check that it runs, and check the host and port in DATABASE_URL.',
  };
}

/** The same in one line. */
export function complaintLine(error: unknown): string | null {
  const complaint = databaseComplaint(error);
  return complaint === null ? null : `${complaint.problem}: ${complaint.reason}. ${complaint.advice}`;
}

/** PostgreSQL's own words. Each address of a name was tried: the first one's error stands for all. */
function wordsOf(error: unknown, states: RegExp): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const reason = deepestWithState(first, states) ?? first;
  return reason instanceof Error ? loggableMessage(reason) : String(reason);
}
