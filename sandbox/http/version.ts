/** REST API versions, and what version 2026-03-10 removed. Source: GitHub's breaking-changes changelog. */
import { HttpError } from './http-error.ts';

export type ApiVersion = '2022-11-28' | '2026-03-10';

const REMOVED = new Set([
  'assignee',
  'has_downloads',
  'master_branch',
  'merge_commit_sha',
  'use_squash_pr_title_as_default',
]);

/** The version a request asks for; the old one is still the default. Throws HttpError 400 for an unknown one. */
export function apiVersion(header: string | undefined): ApiVersion {
  if (header === undefined || header === '2022-11-28') return '2022-11-28';
  if (header === '2026-03-10') return header;
  throw new HttpError(400, `"${header}" is not a valid API version`);
}

/** Takes out of a body what the version no longer has. */
export function inVersion(body: unknown, version: ApiVersion): unknown {
  if (version === '2022-11-28' || body === null || typeof body !== 'object') return body;
  if (Array.isArray(body)) return body.map((item) => inVersion(item, version));
  const kept = Object.entries(body).filter(([key]) => !REMOVED.has(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, inVersion(value, version)]));
}
