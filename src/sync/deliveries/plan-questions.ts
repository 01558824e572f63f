import { labelled } from '../../db/rows/issue-numbers.ts';
import { sqlOf } from '../../db/orm.ts';
import type { PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import { announce, isAsNew, type Announcements } from '../announcements.ts';
import { refetchNumber } from '../listings/refetch-numbers.ts';
import type { Question } from './answer-questions.ts';
import { compareAhead } from './compare-ahead.ts';
import { announcedBranches, followDefaultBranch, refetchRefs } from '../listings/refetch-refs.ts';
import { refetchAllBranches } from '../listings/compare-branches.ts';
import type { AskedComparison } from '../listings/compare-commits.ts';
import { countedKinds, type CountedKind, type CountedRow } from '../../entities/index.ts';
import type { MergedCounted } from './merge-counted.ts';
import type { DeliveryPlan } from './plan-deliveries.ts';
import { readAll } from '../listings/read-all.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import type { OpenQuestions } from './write-payloads.ts';

/** More branches than this are looked up in the complete list, a hundred per request. */
const ASK_ONE_BY_ONE = 3;
/**
 * GitHub shows a change some seconds after it announced it; after this time its answer is accepted as it is.
 */
const PATIENCE_MS = 12_000;
/** Beyond this many numbers, a list of everything changed since then needs fewer requests. */
const ONE_BY_ONE = 10;

type MakeQuestion = (guids: ReadonlySet<string>, ask: Question['ask']) => Question;

/** Everything to ask GitHub after the payloads are written, each request with its deliveries. */
export async function planQuestions(
  context: RepositoryContext,
  plan: DeliveryPlan,
  open: OpenQuestions,
  deliveries: readonly PendingDelivery[],
): Promise<Question[]> {
  const waited = new Map(deliveries.map(({ guid, waited_ms: ms }) => [guid, ms]));
  const question: MakeQuestion = (guids, ask) => {
    const newest = Math.min(...[...guids].map((guid) => waited.get(guid) ?? PATIENCE_MS));
    return { guids, ask, patientUntil: performance.now() + PATIENCE_MS - newest };
  };
  const refs = await refQuestions(context, plan, question);
  const numbers = open.counted.flatMap((merged) => numberQuestions(context, merged, question));
  const labels = await Promise.all(countedKinds.map((kind) => labelQuestions(context, kind, plan, question)));
  return [
    ...refs,
    ...numbers,
    ...labels.flat(),
    ...open.further.map(({ guids, ask }) => question(guids, ask)),
  ];
}

/**
 * One request for each branch, the default branch first. If there are many, the complete list is read once and
 * answers for each of them, provided that it can be read completely.
 */
async function refQuestions(
  context: RepositoryContext,
  plan: DeliveryPlan,
  question: MakeQuestion,
): Promise<Question[]> {
  const announced = await announcedBranches(context, plan.refs);
  const isMany = announced.size > ASK_ONE_BY_ONE;
  let reading: ReturnType<typeof refetchAllBranches> | null = null;
  const isDefault = (name: string) => name === context.repository.default_branch;
  return [...announced]
    .toSorted(([a], [b]) => Number(isDefault(b)) - Number(isDefault(a)))
    .map(([name, branch]) => {
      let comparison: AskedComparison | null | undefined;
      return question(branch.guids, async (last) => {
        if (isMany && (await (reading ??= refetchAllBranches(context))) === null) {
          await followDefaultBranch(context, isDefault(name));
          return true;
        }
        // Once: asking for the branch again would give the same answer.
        if (comparison === undefined) comparison = isDefault(name) ? compareAhead(context, branch) : null;
        return refetchRefs(context, new Map([[name, branch]]), last, comparison);
      });
    });
}

/**
 * One request for each number. If there are many, the list of changes is read first, which answers most of
 * them.
 */
function numberQuestions(
  context: RepositoryContext,
  { kind, ask: announcements }: MergedCounted,
  question: MakeQuestion,
): Question[] {
  const answered = new Set<number>();
  const visit = (row: CountedRow) => {
    const announced = announcements.get(row.number);
    if (announced !== undefined && isAsNew(row, announced)) answered.add(row.number);
  };
  const times = [...announcements.values()].flatMap(({ updated_at: time }) => time ?? []);
  let isListRead = times.length <= ONE_BY_ONE;
  const oldest = times.toSorted((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;
  return [...announcements].map(([number, announced]) =>
    question(announced.guids, async (last) => {
      if (!isListRead) {
        // Once: if the list is unavailable, each is requested.
        isListRead = true;
        await readAll(context, kind, `since ${oldest}`, oldest, visit);
      }
      return answered.has(number) || refetchNumber(context, kind, number, announced, last);
    }),
  );
}

/** Rows with a label that was renamed or deleted: their own timestamps did not change. */
async function labelQuestions(
  context: RepositoryContext,
  kind: CountedKind,
  { formerLabels }: DeliveryPlan,
  question: MakeQuestion,
): Promise<Question[]> {
  if (formerLabels.size === 0) return [];
  const names = [...formerLabels.keys()].toSorted();
  const guids = new Set([...formerLabels.values()].flatMap((one) => [...one]));
  // One more than the number of individual requests, which shows that all have to be read.
  const { orm, repository } = context;
  const bearers = await labelled(sqlOf(orm), repository.id, kind.name, names, ONE_BY_ONE + 1);
  const announced: Announcements<CountedRow> = new Map();
  for (const { number } of bearers) {
    for (const name of names) announce(announced, number, null).formerLabels.add(name);
  }
  const each = [...announced].map(([number, announcement]) =>
    question(guids, (last) => refetchNumber(context, kind, number, announcement, last)),
  );
  const [first] = each;
  if (first === undefined || each.length <= ONE_BY_ONE) return each;
  // One of them shows whether GitHub shows the change; then all are read.
  return [
    question(guids, async (last) => {
      if (!(await first.ask(last)) && !last) return false;
      await readAll(context, kind, `labels ${JSON.stringify(names)}`, null, () => undefined);
      return true;
    }),
  ];
}
