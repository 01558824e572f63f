/** One request as the resource handlers see it, what they answer, and how routes are declared. */
import type { IncomingHttpHeaders } from 'node:http';
import type { FaultAction } from '../faults/faults.ts';
import type { Context, Json } from '../world/context.ts';
import type { Installation, Repository, Token } from '../world/types.ts';
import type { ApiVersion } from './version.ts';

/** Who asks: the App itself (JWT), an installation (token), or nobody. */
export type Caller =
  { kind: 'app' } | { kind: 'installation'; token: Token; installation: Installation } | { kind: 'nobody' };

export interface Call {
  /** The world as this request sees it: behind the true one while reads are stale. */
  context: Context;
  method: string;
  path: string;
  query: URLSearchParams;
  params: Record<string, string>;
  body: Json;
  headers: IncomingHttpHeaders;
  version: ApiVersion;
  /** The faults that affect this request. */
  faults: FaultAction[];
  caller: Caller;
}

export interface Answer {
  status?: number;
  /** Sent as JSON; left out for an empty answer. */
  body?: unknown;
  /** JSON text sent instead of `body`. */
  json?: string;
  /** Plain text sent instead of `body`. */
  text?: string;
  headers?: Record<string, string>;
  /** Points of the bucket; 1 unless given. */
  cost?: number;
  /** `Last-Modified`, in epoch seconds, where GitHub sends it. */
  lastModified?: number;
  /** Overrides the computed ETag. */
  etag?: string;
}

type Handler = (call: Call) => Answer | Promise<Answer>;

export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  path: string;
  /** `app`: needs a JWT; `installation`: needs an installation token; `any`: works without. */
  auth: 'app' | 'installation' | 'any';
  /** Not counted against the primary limit. */
  free?: boolean;
  handler: Handler;
}

/** What a repository's resource sees besides the call. */
export interface RepositoryCall extends Call {
  repository: Repository;
  /** The repository's address in id form, as Link headers have it. */
  base: string;
}

/** https://docs.github.com/rest/authentication/permissions-required-for-github-apps */
export type RepositoryPermission =
  'actions' | 'checks' | 'contents' | 'deployments' | 'issues' | 'metadata' | 'pull_requests' | 'statuses';

/** A route below a repository; mounted under `/repos/{owner}/{repo}` and `/repositories/{id}`. */
export interface RepositoryRoute {
  method: Route['method'];
  /** Starting with `/`, or empty for the repository itself. */
  path: string;
  /** The permission an installation needs, by GitHub's name. */
  permission: RepositoryPermission | 'issues_or_pulls';
  handler: (call: RepositoryCall) => Answer;
}
