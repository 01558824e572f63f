import { RequestError } from '@octokit/request-error';
import { SyncError, type ErrorCode } from '../../errors.ts';

/** The only place where Octokit's errors become ours. `what` names the request without secrets. */
export function translateError(error: unknown, what: string): SyncError {
  if (error instanceof SyncError) return error;
  const cause = causeChain(error).find((link) => link instanceof SyncError);
  if (cause) return cause;
  if (!(error instanceof RequestError)) {
    return new SyncError('GITHUB_UNAVAILABLE', `${what}: ${describe(error)}`, { cause: error });
  }
  const code = codeOf(error.status, bodyMessage(error), isMinting(error));
  return new SyncError(code, `${what}: ${error.status} ${bodyMessage(error)}`.slice(0, 500), {
    cause: error,
  });
}

/**
 * Whether GitHub itself states that it blocks the repository: it gives the reason and the date in `block`
 * beside its message. A 451 or 403 without that may come from a proxy, concern one object, or be transient.
 */
export function isStatedBlock({ code, cause }: SyncError): boolean {
  if (code !== 'REPOSITORY_BLOCKED' || !(cause instanceof RequestError)) return false;
  const data: unknown = cause.response?.data;
  return typeof data === 'object' && data !== null && 'block' in data && typeof data.block === 'object';
}

/** The request for an installation token failed, not the one that needed it. */
export function isMinting(error: RequestError): boolean {
  return isMintUrl(error.request.url);
}

/** Whether a request creates an installation token: Octokit sends these with the App's credentials. */
export function isMintUrl(url: string): boolean {
  return url.endsWith('/access_tokens');
}

function codeOf(status: number, message: string, minting: boolean): ErrorCode {
  if (status === 401) return 'BAD_CREDENTIALS';
  if (status === 451 || /access blocked/i.test(message)) return 'REPOSITORY_BLOCKED';
  if (status === 403 && /suspended/i.test(message)) return 'INSTALLATION_SUSPENDED';
  if (status === 403 && /\bIP (address|allow)/i.test(message)) return 'IP_NOT_ALLOWED';
  if (status === 403 && minting) return 'BAD_CREDENTIALS';
  // The token shows whether a permission is missing (`refusals.ts`); 429 here concerns other credentials'
  // limit.
  if (status === 403 || status === 429) return 'ACCESS_REFUSED';
  if (status === 404 && minting) return 'INSTALLATION_REMOVED';
  if (status === 404 || status === 410) return 'NOT_FOUND';
  if (status >= 500) return 'GITHUB_UNAVAILABLE';
  return 'GITHUB_BAD_ANSWER';
}

/** GitHub's own `message`, never the headers or the request, which contain the token. */
export function bodyMessage(error: RequestError): string {
  const data: unknown = error.response?.data;
  if (typeof data === 'object' && data !== null && 'message' in data) return String(data.message);
  return error.message;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

function causeChain(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let link = error; link instanceof Error && chain.length < 8; link = link.cause) chain.push(link.cause);
  return chain;
}
