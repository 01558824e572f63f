/** One attempt to deliver: a POST that has ten seconds. GitHub never repeats one by itself. */
import { isRecord } from '../world/is-record.ts';

/** Source: GitHub's "best practices for using webhooks". */
const TIMEOUT_MS = 10_000;

export interface AttemptResult {
  status: string;
  /** 0 when there was no HTTP answer. */
  statusCode: number;
  duration: number;
  responseHeaders: Record<string, string> | null;
  responseBody: string | null;
}

/** An attempt that never arrived. */
export const LOST: AttemptResult = {
  status: 'timed out',
  statusCode: 0,
  duration: 10,
  responseHeaders: null,
  responseBody: null,
};

/** Sends the body and returns what came of it; never throws. `closing` ends it early. */
export async function attempt(
  url: string,
  headers: Record<string, string>,
  body: string,
  closing: AbortSignal,
): Promise<AttemptResult> {
  const started = performance.now();
  const seconds = () => Math.round(performance.now() - started) / 1000;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.any([closing, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const text = await response.text();
    return {
      status: response.ok ? 'OK' : response.statusText || 'Invalid HTTP Response',
      statusCode: response.status,
      duration: seconds(),
      responseHeaders: Object.fromEntries(response.headers),
      responseBody: text.slice(0, 10_000),
    };
  } catch (error) {
    const late = isRecord(error) && error['name'] === 'TimeoutError';
    const status = late ? 'timed out' : 'failed to connect to host';
    return { status, statusCode: 0, duration: seconds(), responseHeaders: null, responseBody: null };
  }
}
