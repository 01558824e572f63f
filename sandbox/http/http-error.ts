/** An answer that is an error: GitHub's `{ message, documentation_url, status }`, with extras where GitHub has them. */
export class HttpError extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly extra: Record<string, unknown>;

  constructor(
    status: number,
    message: string,
    extra: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.extra = extra;
    this.headers = headers;
  }
}

/** What is missing and what may not be seen look the same. */
export function notFound(): HttpError {
  return new HttpError(404, 'Not Found');
}

/** The body of an error answer. */
export function errorBody(error: HttpError): Record<string, unknown> {
  return {
    message: error.message,
    documentation_url: 'https://docs.github.com/rest',
    status: String(error.status),
    ...error.extra,
  };
}
