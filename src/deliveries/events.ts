import type { EventRule } from '../entities/event-rule.ts';
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
  /** an App must subscribe to it if it has a permission of each of these; none: it is sent to every App */
  permissions: readonly (readonly string[])[];
  /** about an installation as a whole: processed by `InstallationImport`; all others by `RepoSync` */
  ofInstallation?: true;
}

/** The events that contain an object of a kind, from its description. */
const described = Object.fromEntries(
  entities.flatMap(({ events, permissions }) =>
    Object.entries(events).map(([event, rule]) => [event, shapeBy(rule, permissions)]),
  ),
);

function shapeBy(rule: EventRule, ofKind: readonly string[]): EventShape {
  const { subject, parent, may = [] } = rule;
  const permissions = [ofKind, rule.permissions ?? ofKind];
  if (parent === undefined) return { subject: [subject, 'id'], may, permissions };
  return { subject: [parent, 'id'], has: [subject], may, permissions };
}

/**
 * The events that the mirror processes (docs/reference.md, "The GitHub App"). The receiver and the planner both
 * use this table. The fields are GitHub's: https://docs.github.com/webhooks/webhook-events-and-payloads
 */
const shapes: Readonly<Record<string, EventShape>> = {
  ...described,
  push: {
    subject: ['ref'],
    has: ['before', 'after'],
    may: ['commits', 'head_commit', 'pusher', 'base_ref'],
    permissions: [['contents']],
  },
  create: {
    subject: ['ref'],
    has: ['ref_type'],
    may: ['master_branch', 'description'],
    permissions: [['contents']],
  },
  delete: { subject: ['ref'], has: ['ref_type'], permissions: [['contents']] },
  repository: { subject: ['repository', 'id'], permissions: [['metadata']] },
  installation: {
    subject: ['installation', 'id'],
    may: ['repositories', 'requester'],
    permissions: [],
    ofInstallation: true,
  },
  installation_repositories: {
    subject: ['installation', 'id'],
    may: ['repositories_added', 'repositories_removed', 'repository_selection', 'requester'],
    permissions: [],
    ofInstallation: true,
  },
  installation_target: {
    subject: ['installation', 'id'],
    actions: ['renamed'],
    permissions: [],
    ofInstallation: true,
  },
  organization: {
    subject: ['organization', 'id'],
    may: ['membership', 'invitation', 'user'],
    actions: ['deleted', 'renamed'],
    permissions: [['members']],
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
 * The events that an App with these permissions must subscribe to. GitHub offers it no others, and refuses a
 * manifest that names one. Every App may read metadata.
 */
export function subscribedEvents(permissions: Readonly<Record<string, string>>): string[] {
  const granted = new Set(['metadata', ...Object.keys(permissions)]);
  return Object.entries(shapes)
    .filter(([, { permissions: needed }]) => needed.length > 0)
    .filter(([, { permissions: needed }]) => needed.every((any) => any.some((one) => granted.has(one))))
    .map(([event]) => event);
}

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
