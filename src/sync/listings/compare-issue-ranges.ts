import {
  numbersWithoutIssue,
  storedIssueRanges,
  storedIssuesIn,
  type StoredIssueRange,
} from '../../db/rows/issue-ranges.ts';
import type { Numbered } from '../../db/rows/issue-numbers.ts';
import { sqlOf } from '../../db/orm.ts';
import { liveCounts } from '../../db/repository-sync/repository-state.ts';
import { furtherKinds } from '../../entities/index.ts';
import { issues, type IssueRow } from '../../entities/issues.ts';
import type { Found } from '../../github/entity-api.ts';
import { isUnanswered } from '../../github/graphql/query-nodes.ts';
import { LISTED_AT_ONCE, LISTED_BY_QUERY } from '../../github/graphql/issue-numbers.ts';
import { MAX_RANGES } from '../../github/graphql/issue-ranges.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { prepareWrite } from '../context/store-rows.ts';
import { oneByOne, resolveMissing } from './resolve-missing.ts';
import { writeAnswers } from './resolve-missing-rows.ts';

/** Reading a shorter list in full costs no more. */
const LEAST_ROWS = 200;
/** The largest range whose numbers are read: one page, even with some added within its last second. */
const LISTED_ROWS = 80;
/** Queries in which ranges are listed without having been counted: 10,000 issues at most. */
const LISTINGS = 2;
/** Up to this many issues that only one side has are requested by number; more are read with the list. */
const FEW = 30;

/**
 * Finds the issues behind a difference in counts without reading the list. GitHub counts how many were updated
 * in each range of time; a range whose count differs from ours is split further. The numbers in the remaining
 * ranges are read, and each issue that only one side has is requested, like one that a whole list lacks. This
 * finds one deletion with one query among 2,000 issues, and with two among 200,000.
 *
 * @param changed the kinds to read: one that GraphQL alone lists after a change in these is requested beside the numbers
 * @returns whether our rows now are as many as GitHub counts; also false if the list must be read for that
 */
export async function compareIssueRanges(
  context: RepositoryContext,
  changed: ReadonlySet<string>,
): Promise<boolean> {
  const { repository } = context;
  const db = sqlOf(context.orm);
  const ours = (await liveCounts(db, repository.id)).issues;
  if (ours < LEAST_ROWS || repository.differences[issues.name] !== undefined) return false;
  try {
    const ranges = await differingRanges(context, {
      from: null,
      to: null,
      author: null,
      state: null,
      issues: ours,
    });
    return ranges !== null && (await compareNumbers(context, ranges, changed));
  } catch (error) {
    if (isUnanswered(error)) return false;
    throw error;
  }
}

/**
 * The ranges that contain the difference, if they are few enough to be read; null if too much of the list
 * differs.
 */
async function differingRanges(
  context: RepositoryContext,
  all: StoredIssueRange,
): Promise<StoredIssueRange[] | null> {
  const db = sqlOf(context.orm);
  const { id, node_id } = context.repository;
  for (let ranges = [all]; ;) {
    const rows = issuesIn(ranges);
    const size = Math.max(LISTED_ROWS, Math.ceil(rows / MAX_RANGES));
    const parts = await storedIssueRanges(db, id, ranges, size);
    if (isListedDirectly(parts)) return parts;
    // Split within several ranges there may be a few more of them.
    const counts = await context.api.countIssueRanges(node_id, parts.slice(0, MAX_RANGES));
    const differing = parts.filter(({ issues: here }, at) => here !== counts[at]);
    // Beyond that the list itself is cheaper.
    if (differing.length > 2 * FEW || issuesIn(differing) > all.issues / 2) return null;
    if (size === LISTED_ROWS) return differing;
    ranges = differing;
  }
}

/**
 * Whether listing all of these takes no more queries than counting them first, and then listing those that
 * differ, if the longest is among them.
 */
function isListedDirectly(ranges: readonly StoredIssueRange[]): boolean {
  const queries = ranges.map(({ issues: rows }) => Math.ceil(rows / LISTED_BY_QUERY));
  const longest = Math.max(0, ...queries);
  const all = Math.ceil(queries.reduce((sum, of) => sum + of, 0) / LISTED_AT_ONCE);
  return longest <= LISTINGS && all <= longest;
}

function issuesIn(ranges: readonly StoredIssueRange[]): number {
  return ranges.reduce((sum, range) => sum + range.issues, 0);
}

/** @returns also false if too many differ, or some could not be requested */
async function compareNumbers(
  context: RepositoryContext,
  ranges: readonly StoredIssueRange[],
  changed: ReadonlySet<string>,
): Promise<boolean> {
  const db = sqlOf(context.orm);
  const { id, node_id } = context.repository;
  const beside = furtherKinds.find(
    ({ name, list, changesWith }) =>
      list.by === 'connection' && context.kinds.has(name) && changesWith.some((kind) => changed.has(kind)),
  );
  const { total, numbers } = await context.api.issueNumbers(node_id, ranges, beside ?? null);
  const stored = await storedIssuesIn(db, id, ranges);
  const missing = stored.filter(({ number }) => !numbers.has(number));
  const unknown = await numbersWithoutIssue(db, id, [...numbers]);
  if (missing.length + unknown.length > FEW) return false;
  const agreed = (await liveCounts(db, id)).issues - missing.length + unknown.length === total;
  const find = (number: number) => context.api.find(issues, { number });
  const left = await resolveMissing<Numbered, Found<IssueRow>>(missing, {
    ask: oneByOne(({ number }) => find(number)),
    write: (verdicts) => writeAnswers(context, issues, verdicts, agreed),
  });
  const added = await resolveMissing<number, Found<IssueRow>>(unknown, {
    ask: oneByOne(find),
    write: (verdicts) => writeFound(context, verdicts),
  });
  return left === null && added === null && (await liveCounts(db, id)).issues === total;
}

async function writeFound(
  context: RepositoryContext,
  verdicts: readonly (readonly [number, Found<IssueRow>])[],
): Promise<void> {
  const found = verdicts.flatMap(([, verdict]) => (verdict.state === 'found' ? [verdict] : []));
  const rows = found.map(({ row }) => row);
  const write = await prepareWrite(context, issues, rows, found.at(-1)?.date ?? new Date().toISOString());
  await context.save(async (tx) => ({ [issues.name]: await write(tx) }));
}
