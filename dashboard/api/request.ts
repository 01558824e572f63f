/** An answer that is not the one asked for. `status` 0: no answer at all. */
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

/** Asks the API this page came from. Throws ApiError for everything but success (and the statuses in `also`). */
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
    throw new ApiError(0, 'API_AWAY', 'The API does not answer.', null);
  });
  const text = await answer.text();
  const body: unknown = parse(text);
  if (answer.ok || (also.includes(answer.status) && isObject(body) && !('requestId' in body)))
    return body as T;
  const { code, message, requestId } = (isObject(body) ? body : {}) as ErrorBody;
  throw new ApiError(
    answer.status,
    code ?? 'UNKNOWN',
    message ?? `The API answered ${answer.status}.`,
    requestId ?? null,
  );
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
