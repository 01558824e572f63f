/** The App under test, its installations, tokens and delivery log, as plain data. */

export interface Installation {
  id: number;
  accountId: number;
  selection: 'all' | 'selected';
  /** Only meaningful for `selected`. */
  repositoryIds: Set<number>;
  permissions: Record<string, string>;
  events: string[];
  suspendedAt: number | null;
  suspendedById: number | null;
  createdAt: number;
  updatedAt: number;
  /** By how many `total_count` of its repositories differs from the list; no difference unless given. */
  countOff?: number;
  /** Shows null or an Enterprise instead of the account. */
  accountShown?: 'null' | 'enterprise';
}

/** The GitHub App under test, with its one webhook. */
export interface GitHubApp {
  id: number;
  slug: string;
  name: string;
  clientId: string;
  ownerId: number;
  /** the newest */
  privateKey: string;
  /** valid as well, until they are deleted */
  olderKeys: string[];
  permissions: Record<string, string>;
  events: string[];
  hook: { id: number; url: string | null; secret: string | null; contentType: 'json' | 'form' };
  createdAt: number;
}

/** An installation token. Times in milliseconds of the wall clock. */
export interface Token {
  token: string;
  installationId: number;
  createdAt: number;
  expiresAt: number;
  permissions: Record<string, string>;
  repositoryIds: number[] | null;
}

/** One attempt in the App's delivery log. `id` is a 63-bit number, hence text. `deliveredAt` in wall-clock milliseconds. */
export interface Delivery {
  id: string;
  guid: string;
  event: string;
  action: string | null;
  installationId: number | null;
  repositoryId: number | null;
  deliveredAt: number;
  redelivery: boolean;
  duration: number;
  status: string;
  statusCode: number;
  url: string;
  requestHeaders: Record<string, string>;
  body: string;
  responseHeaders: Record<string, string> | null;
  responseBody: string | null;
}
