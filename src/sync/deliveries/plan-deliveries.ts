import { bodyFault } from '../../deliveries/events.ts';
import type { PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import {
  readCommentId,
  isAsDescribed,
  readIssuePayload,
  readLabelPayload,
  readNumber,
  readPullRequestPayload,
  readPushPayload,
  readRefPayload,
  readRepositoryPayload,
  readUpdatedAt,
  type RefChange,
  type ShownRepository,
} from '../../github/payloads/payloads.ts';
import { pullRequests as pullRequestKind } from '../../entities/pull-requests.ts';
import { deletedReason, type DeletedReason } from '../../entities/event-rule.ts';
import { isPullRequest, issues as issueKind } from '../../entities/issues.ts';
import { entities, forCounted, type CountedName, type CountedRow } from '../../entities/index.ts';
import { isInFuture } from '../../time.ts';
import { announce, announceTime, type Announcements } from '../announcements.ts';
import { createFurtherDeliveries } from './index.ts';
import type { FurtherDeliveries } from './further-deliveries.ts';
import type { PayloadVersion } from './merge-payloads.ts';

/** What deliveries say about issues, or about pull requests. */
export interface CountedDeliveries {
  shown: PayloadVersion<CountedRow>[];
  /** those that GitHub says it deleted or transferred */
  deleted: (PayloadVersion<CountedRow> & { reason: DeletedReason })[];
  /** what payloads do not show in full, by number */
  refetch: Announcements<CountedRow>;
}

/** What deliveries of one repository say, before anything is looked up. */
export interface DeliveryPlan {
  counted: Readonly<Record<CountedName, CountedDeliveries>>;
  refs: (RefChange & { guid: string })[];
  /** names of labels that no longer exist, with the deliveries that say so */
  formerLabels: Map<string, Set<string>>;
  /** the repository object in each payload */
  repositories: (ShownRepository & { guid: string; installationId: number | null })[];
  /** what they say about further kinds */
  further: FurtherDeliveries[];
  /** those that concern further kinds */
  tellsOfFurther: boolean;
  /** deliveries about the repository itself: it must be requested */
  refetchRepository: Set<string>;
  /** deliveries that are complete only when GitHub has answered */
  waiting: Set<string>;
  /** those that change nothing here */
  ignored: string[];
  /** signed by GitHub but unreadable: kept as failed, and their repository is compared */
  unreadable: { guid: string; error: string }[];
}

/** Actions of `repository` whose payload does not show where the repository is now. */
const leaving = new Set<string | null>(['deleted', 'transferred']);
const askedActions = new Set<string | null>([
  ...leaving,
  'created',
  'archived',
  'unarchived',
  'edited',
  'renamed',
  'publicized',
  'privatized',
]);

/** The events whose bodies contain an issue, or a pull request: as their subject, or beside it. */
const eventsWith = { issue: eventsContaining('issue'), pull_request: eventsContaining('pull_request') };

function eventsContaining(field: string): ReadonlySet<string> {
  const rules = entities.flatMap(({ events }) => Object.entries(events));
  const containing = rules.filter(([, { subject, parent }]) => subject === field || parent === field);
  return new Set(containing.map(([event]) => event));
}

/** Reads deliveries, oldest first. Pure: their order makes no difference to the outcome. */
export function planDeliveries(deliveries: readonly PendingDelivery[]): DeliveryPlan {
  const plan = createPlan();
  for (const delivery of deliveries) addToPlan(plan, delivery);
  return plan;
}

/** The plan of no deliveries. */
export function createPlan(): DeliveryPlan {
  return {
    counted: forCounted(() => ({ shown: [], deleted: [], refetch: new Map() })),
    refs: [],
    formerLabels: new Map(),
    repositories: [],
    further: createFurtherDeliveries(),
    tellsOfFurther: false,
    refetchRepository: new Set(),
    waiting: new Set(),
    ignored: [],
    unreadable: [],
  };
}

/** Adds what one more delivery says, which is all that is kept of it. */
export function addToPlan(plan: DeliveryPlan, delivery: PendingDelivery): void {
  try {
    readDelivery(plan, delivery);
  } catch (error) {
    plan.unreadable.push({
      guid: delivery.guid,
      error: error instanceof Error ? error.message : String(error),
    });
  }
}

function readDelivery(plan: DeliveryPlan, delivery: PendingDelivery): void {
  const { event, action, payload, guid } = delivery;
  const fault = bodyFault(event, payload);
  if (fault !== null) throw new Error(fault);
  let isKnown = true;
  if (eventsWith.issue.has(event)) readIssue(plan, delivery);
  else if (eventsWith.pull_request.has(event)) readPullRequest(plan, delivery);
  else isKnown = readOther(plan, delivery);
  for (const kinds of plan.further) {
    if (!kinds.read(delivery)) continue;
    isKnown = true;
    plan.tellsOfFurther = true;
  }
  if (!isKnown) {
    plan.ignored.push(guid);
    return;
  }
  // Only GitHub can say where a deleted or transferred object is now.
  if (event === 'repository' && leaving.has(action)) return;
  const shown = readRepositoryPayload(payload);
  if (shown === null) return;
  if (isInFuture(shown.row.updated_at, receivedAt(delivery)) || !shown.isAsDescribed) {
    plan.refetchRepository.add(guid);
    plan.waiting.add(guid);
    return;
  }
  plan.repositories.push({ ...shown, guid, installationId: delivery.installation_id });
}

/** Reads an event about refs, a label or the repository. @returns false for every other event */
function readOther(plan: DeliveryPlan, delivery: PendingDelivery): boolean {
  const { event, action, payload, guid } = delivery;
  switch (event) {
    case 'push':
      readRef(plan, guid, readPushPayload(payload));
      return true;
    case 'create':
    case 'delete':
      readRef(plan, guid, readRefPayload(payload, event));
      return true;
    case 'label':
      readLabel(plan, delivery);
      return true;
    case 'repository':
      if (askedActions.has(action)) {
        plan.refetchRepository.add(guid);
        plan.waiting.add(guid);
      }
      return true;
    default:
      return false;
  }
}

function receivedAt({ received_at: time }: PendingDelivery): number {
  return Date.parse(time);
}

function readIssue(plan: DeliveryPlan, delivery: PendingDelivery): void {
  const { event, action, payload, guid } = delivery;
  const { issues, pull_requests: pullRequests } = plan.counted;
  const read = orNumber(() => readIssuePayload(payload), payload['issue']);
  const reason = deletedReason(issueKind.events[event], action);
  const isOdd = reason === null && !isAsDescribed(issueKind, payload['issue']);
  if (typeof read === 'number' || isOdd || isInFuture(read.row.updated_at, receivedAt(delivery))) {
    // One odd field, such as null instead of an object: GitHub is asked for the rest. With comments on a pull
    // request, it is shown as an issue.
    const { refetch } = isPullRequest(payload['issue']) ? pullRequests : issues;
    announceDoubted(refetch, typeof read === 'number' ? read : read.row.number, delivery, payload['issue']);
    plan.waiting.add(guid);
    return;
  }
  const { row, isIssue } = read;
  if (reason !== null) {
    issues.deleted.push({ guid, row, reason });
    return;
  }
  if (event === 'issues') {
    issues.shown.push({ guid, row });
    return;
  }
  plan.waiting.add(guid);
  // The payload's count can be from before the comment, and for a pull request it contains only the issue.
  if (!isIssue) {
    announceTime(announce(pullRequests.refetch, row.number, guid), row.updated_at);
    return;
  }
  issues.shown.push({ guid, row, approximate: true });
  const announcement = announce(issues.refetch, row.number, guid);
  announceTime(announcement, row.updated_at);
  const comment = readCommentId(payload);
  if (comment !== null && action === 'created') announcement.comments.created.add(comment);
  if (comment !== null && action === 'deleted') announcement.comments.deleted.add(comment);
}

function readPullRequest(plan: DeliveryPlan, delivery: PendingDelivery): void {
  const { event, payload, guid } = delivery;
  const { shown, refetch } = plan.counted.pull_requests;
  const pullRequest = payload['pull_request'];
  const row = orNumber(() => readPullRequestPayload(payload), pullRequest);
  const isDoubted =
    typeof row !== 'number' &&
    (isInFuture(row.updated_at, receivedAt(delivery)) || !isAsDescribed(pullRequestKind, pullRequest));
  const read = isDoubted ? row.number : row;
  // With comments and review threads, the pull request may lack its draft state.
  const isWhole = !/_(comment|thread)$/.test(event) || Object.hasOwn(Object(pullRequest), 'draft');
  if (typeof read !== 'number' && isWhole) {
    shown.push({ guid, row: read });
    return;
  }
  if (typeof read === 'number') announceDoubted(refetch, read, delivery, pullRequest);
  else announceTime(announce(refetch, read.number, guid), read.updated_at);
  plan.waiting.add(guid);
}

/** Its timestamp only says how new GitHub's answer must be; it orders nothing, and the waiting is bounded. */
function announceDoubted(
  refetch: Announcements<CountedRow>,
  number: number,
  delivery: PendingDelivery,
  subject: unknown,
): void {
  const announcement = announce(refetch, number, delivery.guid);
  const time = readUpdatedAt(subject);
  if (time !== null && !isInFuture(time, receivedAt(delivery))) announceTime(announcement, time);
}

/** The result of `read` or, if it fails, the number of the subject. @throws if that is unreadable too */
function orNumber<T>(read: () => T, subject: unknown): T | number {
  try {
    return read();
  } catch (error) {
    const number = readNumber(subject);
    if (number === null) throw error;
    return number;
  }
}

function readRef(plan: DeliveryPlan, guid: string, change: RefChange): void {
  if (change.branch === null) return;
  plan.refs.push({ ...change, guid });
  plan.waiting.add(guid);
}

/** Rows store labels by name: only a name that no longer exists concerns them. */
function readLabel(plan: DeliveryPlan, { action, payload, guid }: PendingDelivery): void {
  const { name, former } = readLabelPayload(payload);
  const gone = action === 'deleted' ? name : action === 'edited' ? former : null;
  if (gone === null) return;
  const guids = plan.formerLabels.get(gone) ?? new Set<string>();
  plan.formerLabels.set(gone, guids.add(guid));
  plan.waiting.add(guid);
}
