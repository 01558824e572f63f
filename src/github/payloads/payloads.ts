import { z } from 'zod';
import type { Entity, EntityRow } from '../../entities/entity.ts';
import * as shown from '../../entities/payload-fields.ts';
import { isPullRequest, issues, type IssueRow } from '../../entities/issues.ts';
import { pullRequests, type PullRequestRow } from '../../entities/pull-requests.ts';
import type { RepositoryRow } from '../../model.ts';
import { read, repositoryAnswer } from '../answers.ts';
import { toRepositoryRow } from '../map.ts';

/**
 * Payloads of deliveries as our rows; every function throws SyncError GITHUB_BAD_ANSWER if the payload does not
 * match.
 */
type Payload = Record<string, unknown>;

const NO_COMMIT = /^0+$/;

export interface RefChange {
  /** null for a tag or any other ref */
  branch: string | null;
  tag: string | null;
  /** null: it did not exist before */
  before: string | null;
  /** null: deleted; undefined: the payload does not say */
  after: string | null | undefined;
}

/** Whether a payload's object matches GitHub's schema. One that does not is not trusted at all. */
export function isAsDescribed({ payload }: Pick<Entity, 'payload'>, shown: unknown): boolean {
  return payload.safeParse(shown).success;
}

/** The object of a described kind in a payload's `field`. */
function readEntity<Row extends EntityRow>(
  entity: Entity<string, Row>,
  payload: Payload,
  field: string,
): Row {
  return read(entity.row, payload[field], field);
}

export function readIssuePayload(payload: Payload): { row: IssueRow; isIssue: boolean } {
  return { row: readEntity(issues, payload, 'issue'), isIssue: !isPullRequest(payload['issue']) };
}

export function readPullRequestPayload(payload: Payload): PullRequestRow {
  return readEntity(pullRequests, payload, 'pull_request');
}

/** The repository object in a payload. */
export interface ShownRepository {
  row: RepositoryRow;
  /** false if it lacks fields of a row, which then have defaults */
  whole: boolean;
  /** false if some field is one that GitHub never sends: then none of it is trusted */
  isAsDescribed: boolean;
}

/** In a push, seconds since 1970. */
const repositoryTime = z.union([shown.time, z.number().int().min(1)]);
/** GitHub's schema for the fields of a repository; fields that an abridged one lacks are optional. */
const repositoryPayload = z.object({
  name: shown.text,
  full_name: z.string().regex(/^[^/]+\/[^/]+$/),
  owner: z.object({ login: shown.text }),
  visibility: shown.text.optional(),
  archived: shown.flag.optional(),
  disabled: shown.flag.optional(),
  default_branch: shown.text,
  description: shown.textOrNull.optional(),
  language: shown.textOrNull.optional(),
  topics: z.array(shown.text).optional(),
  stargazers_count: shown.count.optional(),
  forks_count: shown.count.optional(),
  open_issues_count: shown.count.optional(),
  created_at: repositoryTime,
  updated_at: shown.time,
  pushed_at: repositoryTime.nullable().optional(),
});

/** Fields that an abridged repository lacks; `repositoryAnswer` would treat their absence as a value. */
const optionalFields = [
  'visibility',
  'archived',
  'disabled',
  'description',
  'language',
  'topics',
  'stargazers_count',
  'forks_count',
  'open_issues_count',
  'has_issues',
  'pushed_at',
];

/** The repository object that every delivery has beside its subject; null if it lacks a required field. */
export function readRepositoryPayload(payload: Payload): ShownRepository | null {
  const repository = payload['repository'];
  const parsed = repositoryAnswer.safeParse(repository);
  if (!parsed.success || typeof repository !== 'object' || repository === null) return null;
  const whole = optionalFields.every((field) => Object.hasOwn(repository, field));
  const isAsDescribed = repositoryPayload.safeParse(repository).success;
  return { row: toRepositoryRow(parsed.data), whole, isAsDescribed };
}

/** The number of an issue or pull request that may otherwise be unreadable; null without one. */
export function readNumber(subject: unknown): number | null {
  const parsed = z.object({ number: z.number().int().positive() }).safeParse(subject);
  return parsed.success ? parsed.data.number : null;
}

/** When something was updated of which another field may be unreadable, or is none of GitHub's; null where that is no time. */
export function readUpdatedAt(subject: unknown): string | null {
  const parsed = z.object({ updated_at: shown.time }).safeParse(subject);
  return parsed.success ? parsed.data.updated_at : null;
}

export function readCommentId(payload: Payload): number | null {
  const parsed = z.object({ id: z.number().int() }).safeParse(payload['comment']);
  return parsed.success ? parsed.data.id : null;
}

const push = z.object({
  ref: z.string(),
  before: z.string(),
  after: z.string(),
  deleted: z.boolean().default(false),
});
/** GitHub's schema for it. */
const pushPayload = z
  .object({ before: shown.sha, after: shown.sha, deleted: shown.flag.optional() })
  .refine(({ after, deleted }) => deleted === undefined || deleted === NO_COMMIT.test(after));

export function readPushPayload(payload: Payload): RefChange {
  const { ref, before, after, deleted } = read(push, payload, 'push');
  const names = { branch: below('refs/heads/', ref), tag: below('refs/tags/', ref) };
  if (!pushPayload.safeParse(payload).success) return { ...names, before: null, after: undefined };
  return {
    ...names,
    before: NO_COMMIT.test(before) ? null : before,
    after: deleted || NO_COMMIT.test(after) ? null : after,
  };
}

function below(prefix: string, ref: string): string | null {
  return ref.startsWith(prefix) ? ref.slice(prefix.length) : null;
}

const ref = z.object({ ref: z.string(), ref_type: z.string() });

/** `create` and `delete` name the branch or tag but no commit. */
export function readRefPayload(payload: Payload, event: 'create' | 'delete'): RefChange {
  const answer = read(ref, payload, event);
  const branch = answer.ref_type === 'branch' ? answer.ref : null;
  const tag = answer.ref_type === 'tag' ? answer.ref : null;
  return { branch, tag, before: null, after: event === 'delete' ? null : undefined };
}

const label = z.object({
  label: z.object({ name: z.string() }),
  changes: z.object({ name: z.object({ from: z.string() }).nullish() }).nullish(),
});

/** The label's name and, if it was renamed, its former one. */
export function readLabelPayload(payload: Payload): { name: string; former: string | null } {
  const answer = read(label, payload, 'label');
  return { name: answer.label.name, former: answer.changes?.name?.from ?? null };
}
