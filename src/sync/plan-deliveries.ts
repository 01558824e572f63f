import { bodyFault } from '../deliveries/events.ts';
import type { PendingDelivery } from '../db/writes/deliveries.ts';
import {
  readIssuePayload,
  readLabelPayload,
  readPullRequestPayload,
  readPushPayload,
  readRefPayload,
  readRepositoryPayload,
  type RefChange,
} from '../github/payloads.ts';
import type { IssueRow, PullRequestRow, RepositoryRow } from '../model.ts';
import type { Candidate } from './fold-candidates.ts';

/** What deliveries of one repository tell, before anything is looked up. */
export interface DeliveryPlan {
  issues: Candidate<IssueRow>[];
  pullRequests: Candidate<PullRequestRow>[];
  /** issues that GitHub says it lost; final, since ids are never used again */
  lostIssues: { row: IssueRow; reason: 'deleted' | 'transferred' }[];
  /** numbers whose rows the payload does not tell in full, with the `updated_at` it shows */
  askIssues: Map<number, string>;
  askPullRequests: Map<number, string>;
  refs: RefChange[];
  labels: Set<string>;
  /** the repository as each payload shows it, and as those show it that are about it */
  repositories: RepositoryRow[];
  changedRepositories: RepositoryRow[];
  askRepository: boolean;
  /** deliveries that are done only when GitHub has answered */
  waiting: Set<string>;
  /** nothing for us in them */
  ignored: string[];
  /** signed by GitHub and yet not to be read: kept as failed, their repository is compared */
  unreadable: { guid: string; error: string }[];
}

/** Reads deliveries, oldest first. Pure: the order in which they came makes no difference to the outcome. */
export function planDeliveries(deliveries: readonly PendingDelivery[]): DeliveryPlan {
  const plan: DeliveryPlan = {
    issues: [],
    pullRequests: [],
    lostIssues: [],
    askIssues: new Map(),
    askPullRequests: new Map(),
    refs: [],
    labels: new Set(),
    repositories: [],
    changedRepositories: [],
    askRepository: false,
    waiting: new Set(),
    ignored: [],
    unreadable: [],
  };
  for (const delivery of deliveries) {
    try {
      readDelivery(plan, delivery);
    } catch (error) {
      plan.unreadable.push({
        guid: delivery.guid,
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }
  return plan;
}

function readDelivery(plan: DeliveryPlan, delivery: PendingDelivery): void {
  const { event, action, payload, guid } = delivery;
  const fault = bodyFault(event, payload);
  if (fault !== null) throw new Error(fault);
  switch (event) {
    case 'issues': {
      const { row } = readIssuePayload(payload);
      if (action === 'deleted' || action === 'transferred') plan.lostIssues.push({ row, reason: action });
      else plan.issues.push({ guid, row });
      break;
    }
    case 'issue_comment': {
      const { row, isIssue } = readIssuePayload(payload);
      // The payload's count can be the one before the comment, and of a pull request it shows only the issue.
      if (isIssue) {
        plan.issues.push({ guid, row });
        plan.askIssues.set(row.number, newer(plan.askIssues.get(row.number), row.updated_at));
      } else {
        plan.askPullRequests.set(row.number, newer(plan.askPullRequests.get(row.number), row.updated_at));
      }
      plan.waiting.add(guid);
      break;
    }
    case 'pull_request':
    case 'pull_request_review':
      plan.pullRequests.push({ guid, row: readPullRequestPayload(payload) });
      break;
    case 'push':
      readRef(plan, guid, readPushPayload(payload));
      break;
    case 'create':
    case 'delete':
      readRef(plan, guid, readRefPayload(payload, event));
      break;
    case 'label':
      if (action === 'created') break;
      for (const name of readLabelPayload(payload)) plan.labels.add(name);
      plan.waiting.add(guid);
      break;
    case 'repository':
      plan.askRepository = true;
      plan.waiting.add(guid);
      break;
    default:
      plan.ignored.push(guid);
      return;
  }
  const repository = readRepositoryPayload(payload);
  if (repository === null) return;
  plan.repositories.push(repository);
  // A deleted or transferred one is for GitHub to say where it is.
  if (event === 'repository' && action !== 'deleted' && action !== 'transferred') {
    plan.changedRepositories.push(repository);
  }
}

function readRef(plan: DeliveryPlan, guid: string, change: RefChange): void {
  if (change.branch === null) return;
  plan.refs.push(change);
  plan.waiting.add(guid);
}

function newer(a: string | undefined, b: string): string {
  return a === undefined || Date.parse(b) > Date.parse(a) ? b : a;
}
