import type { UnreadElement } from '../../db/repository-sync/repository-state.ts';
import { SyncError } from '../../errors.ts';
import type { Found } from '../../github/entity-api.ts';
import type { CountedKind, CountedRow } from '../../entities/index.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { prepareWrite } from '../context/store-rows.ts';
import { firstMet, isElementDue, saveUnreadOf, withMet } from '../context/unread-elements.ts';
import { orOwnError } from './own-error.ts';

/** How many are requested in one comparison, least recently requested first. */
const AT_ONCE = 20;
/** After this many without an answer (each is tried several times) it stops. */
const UNANSWERED = 2;

/** Requests each of the elements that could not be read by number and are due, and writes those that can be now. */
export async function refetchUnread(context: RepositoryContext, entity: CountedKind): Promise<void> {
  const unread = context.repository.unread[entity.name] ?? [];
  const numbered = unread.filter((one) => one.number !== null && (context.retryUnread || isElementDue(one)));
  numbered.sort((a, b) => a.met_at.localeCompare(b.met_at));
  let unanswered = 0;
  for (const element of numbered.slice(0, AT_ONCE)) {
    const found = await orOwnError(context.api.find(entity, { number: element.number ?? 0 }));
    await write(context, entity, element, found);
    if (found instanceof SyncError && found.code === 'GITHUB_UNAVAILABLE') unanswered += 1;
    if (unanswered >= UNANSWERED || context.shouldYield()) return;
  }
}

async function write(
  context: RepositoryFacts & RepositoryWriter,
  entity: CountedKind,
  element: UnreadElement,
  found: Found<CountedRow> | SyncError,
): Promise<void> {
  const { repository } = context;
  const others = (repository.unread[entity.name] ?? []).filter(({ number }) => number !== element.number);
  const now = new Date().toISOString();
  if (found instanceof SyncError) {
    const again = [
      ...others,
      { ...element, reason: found.message, met_at: now, first_met_at: firstMet(element) },
    ];
    await context.save((tx) => saveUnreadOf(tx, repository, entity.name, again));
    return;
  }
  const rows = found.state === 'found' ? await prepareWrite(context, entity, [found.row], found.date) : null;
  // A 404 alone is no evidence: the list must lack it as well.
  const unseen = { ...element, number: null };
  const left = found.state === 'not_found' ? withMet(others, [unseen], element.since, now) : others;
  await context.save(async (tx) => {
    await saveUnreadOf(tx, repository, entity.name, left);
    return { [entity.name]: rows === null ? 0 : await rows(tx) };
  });
}
