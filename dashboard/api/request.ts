/** An unexpected answer. `status` 0: no answer at all. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;

  constructor(status: number, code: string, message: string, requestId: string | null) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

interface ErrorBody {
  code?: string;
  message?: string;
  requestId?: string;
}

/**
 * Sends a request to the API that served this page. Throws ApiError for everything but success (and the
 * statuses in `also`).
 */
export async function request<T>(
  path: string,
  init: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
  also: readonly number[] = [],
): Promise<T> {
  const answer = await fetch(path, {
    ...init,
    headers: { accept: 'application/json', ...init.headers },
  }).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    throw noAnswer();
  });
  const body = parse(await answer.text());
  if (answer.ok || (also.includes(answer.status) && isObject(body) && !('requestId' in body)))
    return body as T;
  throw errorOf(answer.status, body);
}

export function noAnswer(): ApiError {
  return new ApiError(0, 'API_AWAY', 'The API does not answer.', null);
}

/** The error in an unexpected answer; for a proxy's page only the status is used. */
export async function refusalOf(answer: Response): Promise<ApiError> {
  return errorOf(answer.status, parse(await answer.text()));
}

function errorOf(status: number, body: unknown): ApiError {
  const { code, message, requestId } = (isObject(body) ? body : {}) as ErrorBody;
  return new ApiError(status, code ?? 'UNKNOWN', message ?? `The API answered ${status}.`, requestId ?? null);
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    // A proxy's page: the status says more.
    return null;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
