import type { EventRule } from '../entities/entity.ts';
import { entities } from '../entities/index.ts';

/**
 * How to distinguish an event's bodies from those of all others: the event's name is in a header, which is not
 * signed.
 */
interface EventShape {
  /** the field that names its subject; a body without it is rejected */
  subject: readonly [string, string?];
  /** fields of other events' subjects that its bodies have (`has`) or may have (`may`) besides their own */
  has?: readonly string[];
  may?: readonly string[];
  /** the actions that can change a row here; all of them if none are named */
  actions?: readonly string[];
  /** about an installation as a whole: processed by `InstallationImport`; all others by `RepoSync` */
  ofInstallation?: true;
}

/** The events that contain an object of a kind, from its description. */
const described = Object.fromEntries(
  entities.flatMap(({ events }) => Object.entries(events)).map(([event, rule]) => [event, shapeBy(rule)]),
);

function shapeBy({ subject, parent, may = [] }: EventRule): EventShape {
  if (parent === undefined) return { subject: [subject, 'id'], may };
  return { subject: [parent, 'id'], has: [subject], may };
}

/**
 * The events that the mirror processes (docs/reference.md, "The GitHub App"). The receiver and the planner both
 * use this table. The fields are GitHub's: https://docs.github.com/webhooks/webhook-events-and-payloads
 */
const shapes: Readonly<Record<string, EventShape>> = {
  ...described,
  push: { subject: ['ref'], has: ['before', 'after'], may: ['commits', 'head_commit', 'pusher', 'base_ref'] },
  create: { subject: ['ref'], has: ['ref_type'], may: ['master_branch', 'description'] },
  delete: { subject: ['ref'], has: ['ref_type'] },
  repository: { subject: ['repository', 'id'] },
  installation: { subject: ['installation', 'id'], may: ['repositories', 'requester'], ofInstallation: true },
  installation_repositories: {
    subject: ['installation', 'id'],
    may: ['repositories_added', 'repositories_removed', 'repository_selection', 'requester'],
    ofInstallation: true,
  },
  installation_target: { subject: ['installation', 'id'], actions: ['renamed'], ofInstallation: true },
  organization: {
    subject: ['organization', 'id'],
    may: ['membership', 'invitation', 'user'],
    actions: ['deleted', 'renamed'],
    ofInstallation: true,
  },
};

/** Fields that distinguish GitHub's events, including some that are not processed here. */
const distinctive = new Set(
  `after alert assignee base_ref before blocked_issue blocked_user blocking_issue branch build check_run
  check_suite client_payload comment commit commits context deployment deployment_status discussion exemption_request
  forkee head_commit hook inputs invitation issue issue_field issue_field_value key label
  marketplace_purchase master_branch member membership merge_group milestone number package pages parent_issue
  personal_access_token_request project project_card project_column projects_v2 projects_v2_item pull_request pusher
  ref ref_type registry_package release repositories repositories_added repositories_removed repository_advisory
  repository_ruleset requested_reviewer requested_team requester review rule scan security_advisory sha sponsorship
  starred_at sub_issue team thread user workflow workflow_job workflow_run zen`.split(/\s+/),
);

/** Every event that is processed; all others are stored as `ignored`. */
export const workedEvents: readonly string[] = Object.keys(shapes);

/**
 * Sent to every App (https://docs.github.com/webhooks/webhook-events-and-payloads); Apps subscribe to the
 * others.
 */
const alwaysSent = new Set(['installation', 'installation_repositories', 'installation_target']);

/** The events that the App must subscribe to. */
export const subscribedEvents: readonly string[] = workedEvents.filter((event) => !alwaysSent.has(event));

export function shapeOf(event: string): EventShape | undefined {
  return Object.hasOwn(shapes, event) ? shapes[event] : undefined;
}

/** Whether such a delivery can change anything here. */
export function canChangeRows(event: string, action: string | null): boolean {
  const shape = shapeOf(event);
  return shape !== undefined && (shape.actions === undefined || shape.actions.includes(action ?? ''));
}

/** GitHub allows 255. It could not even be asked about a branch with a longer name: its address is refused. */
const LONGEST_REF_BYTES = 1000;

/**
 * Why a body does not belong to its event, or null. The header that names the event is not signed: genuine
 * bytes that are replayed under another name must not be treated as that event.
 */
export function bodyFault(event: string, body: Readonly<Record<string, unknown>>): string | null {
  const shape = shapeOf(event);
  if (shape === undefined) return null;
  const { subject, has = [], may = [] } = shape;
  const needed = [subject[0], ...has];
  const lacking = needed.find((field) => !Object.hasOwn(body, field));
  if (lacking !== undefined) return `a body of ${event} has "${lacking}"`;
  const { ref } = body;
  if (typeof ref === 'string' && Buffer.byteLength(ref) > LONGEST_REF_BYTES) {
    return `a body of ${event} has a "ref" of at most ${LONGEST_REF_BYTES} bytes`;
  }
  const own = new Set<string>([...needed, ...may]);
  const foreign = Object.keys(body).find((field) => distinctive.has(field) && !own.has(field));
  return foreign === undefined ? null : `a body of ${event} has no "${foreign}"`;
}
