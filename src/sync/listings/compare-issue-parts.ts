import { storedIssueParts, storedIssuesOf } from '../../db/rows/issue-parts.ts';
import type { Numbered } from '../../db/rows/issue-numbers.ts';
import { sqlOf } from '../../db/orm.ts';
import { liveCounts } from '../../db/repositories/repository-state.ts';
import { issues, type IssueRow } from '../../entities/issues.ts';
import { SyncError } from '../../errors.ts';
import type { Found } from '../../github/entity-api.ts';
import { MAX_PARTS, type IssuePart } from '../../github/graphql/issue-parts.ts';
import type { RepositoryContext } from '../repository/repository-context.ts';
import { prepareWrite } from '../store-rows.ts';
import { oneByOne, resolveMissing } from './resolve-missing.ts';
import { writeAnswers } from './resolve-missing-rows.ts';

/** Shorter lists are read whole for no more. */
const LEAST_ROWS = 500;
/** So many issues that only one side has are asked for by number; more are read with the list. */
const FEW = 30;

/**
 * Finds the issues behind a count that differs without reading the list: one question counts by author and state what
 * GitHub has, the numbers of the parts that differ are read, and each issue that only one side has is asked for, as one
 * that a whole list lacks would be.
 *
 * @returns whether our rows are as many as GitHub counts now; false too where the list has to be read for that
 */
export async function compareIssueParts(context: RepositoryContext): Promise<boolean> {
  const { repository } = context;
  const db = sqlOf(context.orm);
  const all = await storedIssueParts(db, repository.id);
  const ours = all.reduce((sum, part) => sum + part.issues, 0);
  // Whose author is unknown, or an App, which has another login in GraphQL, is counted in the total alone.
  const parts = all.flatMap(({ author, ...part }) =>
    author === null || author.endsWith('[bot]') ? [] : [{ author, ...part }],
  );
  if (ours < LEAST_ROWS || parts.length > MAX_PARTS || repository.differences[issues.name] !== undefined)
    return false;
  try {
    const { total, counts } = await context.api.countIssueParts(repository.node_id, parts);
    if (total === ours) return true;
    const differing = parts.filter((part, at) => part.issues !== counts[at]);
    const explained = parts.reduce((sum, part, at) => sum + part.issues - (counts[at] ?? 0), 0);
    // The numbers of a part are a hundred in one question: beyond half of the list the list itself tells more.
    const read = differing.reduce((sum, part) => sum + part.issues, 0);
    if (explained !== ours - total || read > ours / 2) return false;
    if (!(await compareNumbers(context, differing, ours - total))) return false;
    return (await liveCounts(db, repository.id)).issues === total;
  } catch (error) {
    if (error instanceof SyncError && /^GITHUB_(UNAVAILABLE|BAD_ANSWER)$/.test(error.code)) return false;
    throw error;
  }
}

/**
 * @param surplus how many more are here than GitHub counts
 * @returns false where too many differ, or some could not be asked for
 */
async function compareNumbers(
  context: RepositoryContext,
  parts: readonly IssuePart[],
  surplus: number,
): Promise<boolean> {
  const db = sqlOf(context.orm);
  const { id, node_id } = context.repository;
  const listed = await context.api.issueNumbers(node_id, parts);
  const there = new Set(listed.flatMap((numbers) => [...numbers]));
  const stored = (await Promise.all(parts.map((part) => storedIssuesOf(db, id, part)))).flat();
  const here = new Set(stored.map(({ number }) => number));
  const missing = stored.filter(({ number }) => !there.has(number));
  const unknown = [...there].filter((number) => !here.has(number));
  if (missing.length + unknown.length > FEW) return false;
  const agreed = missing.length - unknown.length === surplus;
  const find = (number: number) => context.api.find(issues, { number });
  const left = await resolveMissing<Numbered, Found<IssueRow>>(missing, {
    ask: oneByOne(({ number }) => find(number)),
    write: (verdicts) => writeAnswers(context, issues, verdicts, agreed),
  });
  const added = await resolveMissing<number, Found<IssueRow>>(unknown, {
    ask: oneByOne(find),
    write: (verdicts) => writeFound(context, verdicts),
  });
  return left === null && added === null;
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
