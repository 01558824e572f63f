/** What a page needs of the mirror's API: `fetch`, the API's address and the token. */
import type { ApiError, Health } from './mirror-api.d.ts';

/** Its figures are null while the mirror's database is away. */
export type SyncHealth = Health;

export interface SyncApi {
  url: string;
  /** who has it may read everything that is mirrored: give it to pages of your own people only */
  token: string;
}

/** How the mirror stands. An unhealthy one answers too (with 503). */
export async function readHealth(api: SyncApi, signal?: AbortSignal): Promise<SyncHealth> {
  const answer = await ask(api, '/api/sync/health/', { signal: signal ?? null });
  if (!answer.ok && answer.status !== 503) throw await refusalOf(answer);
  const health = (await answer.json()) as SyncHealth;
  return health;
}

/** Compares one repository now, by GitHub's id; the mirror continues with it when this has answered. */
export async function syncRepository(api: SyncApi, repositoryId: number): Promise<void> {
  const answer = await ask(api, `/api/sync/repository/${repositoryId}/`, { method: 'POST' });
  if (!answer.ok) throw await refusalOf(answer);
}

function ask({ url, token }: SyncApi, path: string, init: RequestInit): Promise<Response> {
  return fetch(new URL(path, url), { ...init, headers: { authorization: `Bearer ${token}` } });
}

async function refusalOf(answer: Response): Promise<Error> {
  const { code, message } = (await answer.json()) as ApiError;
  return new Error(`${code}: ${message}`);
}
