import { SyncError } from '../../errors.ts';
import { isUnanswered } from '../../github/graphql/query-nodes.ts';
import { MAX_HEADS } from '../../github/graphql/branch-heads.ts';
import { markRowsDeleted, writeRows } from '../../db/rows/entity-rows.ts';
import { branches, type BranchRow } from '../../entities/branches.ts';
import { assertInReach } from './assert-in-reach.ts';
import { recordRebased } from './refetch-rebased.ts';
import { oneByOne, resolveMissing, type Answers } from './resolve-missing.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { throwIfExpired } from '../context/interruption.ts';
import type { RepositoryContext } from '../context/repository-context.ts';

/** What GitHub says of a branch that its list lacks: its row and head, or that it does not exist. */
type Verdict = BranchRow | { name: string; head_sha: string } | null;

/** Beyond this many, GraphQL's answer (a hundred per query) is not confirmed by REST for each one. */
const CONFIRMED_ONE_BY_ONE = 20;

/**
 * Requests each live branch that the list lacks, writes existing ones, and marks those that two further sources
 * lack as well: the ref by its name in GraphQL, and the branch by its name in REST.
 */
export async function resolveMissingBranches(
  context: RepositoryContext,
  missing: readonly string[],
): Promise<{ heads: Map<string, string>; error: SyncError | null }> {
  const heads = new Map<string, string>();
  const error = await resolveMissing<string, Verdict>(missing, {
    ask: (names) => ask(context, names),
    write: async (verdicts) => {
      const there = verdicts.flatMap(([, verdict]) => verdict ?? []);
      for (const { name, head_sha } of there) heads.set(name, head_sha);
      await writeAnswers(
        context,
        there,
        verdicts.flatMap(([name, verdict]) => (verdict === null ? [name] : [])),
      );
    },
    pause: () => throwIfExpired(context),
  });
  return { heads, error };
}

async function writeAnswers(
  context: RepositoryFacts & RepositoryWriter,
  there: readonly Exclude<Verdict, null>[],
  gone: readonly string[],
): Promise<void> {
  const { id } = context.repository;
  await context.save(async (tx) => {
    const rows = there.map((row) => ({ ...row, repository_id: id }));
    const written = await writeRows(tx, branches, rows);
    const marked = await markRowsDeleted(tx, branches, id, gone);
    await recordRebased(context, tx, marked.map(String));
    return { branches: written + marked.length };
  });
}

async function ask(context: RepositoryFacts, names: readonly string[]): Promise<Answers<string, Verdict>> {
  const heads = await headsOf(context, names);
  const known = [...heads].flatMap(([name, head]) => (head === null ? [] : [{ name, head_sha: head }]));
  const unknown = names.filter((name) => heads.get(name) === null);
  const unanswered = names.filter((name) => !heads.has(name));
  // If GraphQL knows none of many, a sample shows whether its answer was only transiently empty.
  const sure = heads.size > 0 && unknown.length > CONFIRMED_ONE_BY_ONE;
  const asked = sure ? unknown.slice(0, CONFIRMED_ONE_BY_ONE) : unknown;
  const answers = await oneByOne((name: string) => byName(context, name))([...asked, ...unanswered]);
  if (sure && answers.verdicts.some(([name, verdict]) => verdict !== null && heads.has(name))) {
    throw new SyncError('NOT_YET_VISIBLE', 'GraphQL lacks branches that REST shows', { retryAfterMs: 2000 });
  }
  // Unless GraphQL just showed the repository.
  if (answers.verdicts.some(([name, verdict]) => verdict === null && !heads.has(name)))
    await assertInReach(context);
  const rest = sure ? unknown.slice(CONFIRMED_ONE_BY_ONE) : [];
  return {
    verdicts: [
      ...known.map((row) => [row.name, row] as const),
      ...answers.verdicts,
      ...rest.map((name) => [name, null] as const),
    ],
    error: answers.error,
  };
}

/** GraphQL's answer for each; nothing if it cannot be queried. */
async function headsOf(
  context: RepositoryFacts,
  names: readonly string[],
): Promise<Map<string, string | null>> {
  try {
    return await context.api.branchHeads(context.repository.node_id, names.slice(0, MAX_HEADS));
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    return new Map();
  }
}

async function byName(context: RepositoryFacts, name: string): Promise<Verdict> {
  const found = await context.api.find(branches, { name });
  return found.state === 'found' ? found.row : null;
}
