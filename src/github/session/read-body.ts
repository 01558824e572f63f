import type { Octokit } from '@octokit/core';
import { RequestError } from '@octokit/request-error';
import { storableJson } from '../../text.ts';
import { UnreadableBody } from './unreadable-body.ts';

const isJson = /^application\/(scim\+)?json\s*(;|$)/i;
/** 2^53 has 16 digits. This may also match inside a string, which then is only parsed more slowly. */
const largeNumber = /(?:^|[:[,\s])-?\d{16}/;
const wholeNumber = /^-?\d+$/;

/**
 * An Octokit plugin that reads the bodies of successful answers instead of Octokit (`parseSuccessResponseBody:
 * false`). Octokit itself calls a function for every value of every answer, so that no large number loses
 * digits: 30 ms for a page of a hundred issues, which `JSON.parse` reads in 1.6 ms. It must come before the
 * plugins that look into answers.
 *
 * It makes all text in an answer storable in PostgreSQL, as is done for deliveries.
 */
export function readBodies(octokit: Octokit): void {
  octokit.hook.wrap('request', async (request, options) => {
    const response = await request(options);
    const text: unknown = response.data;
    if (typeof text !== 'string') return response;
    const isAnswer = response.status === 200 || response.status === 201;
    // An answer whose content type a proxy changed is read all the same; a proxy's own page, or nothing, is not
    // an answer.
    if (!isAnswer && !isJson.test(response.headers['content-type'] ?? '')) return response;
    const parse = options.request?.['exactNumbers'] === true ? parsedExactly : parsed;
    const data = parse(storableJson(text));
    if (typeof data === 'string' && (isAnswer || data !== '')) throw noJson(options);
    return { ...response, data };
  });
}

/** An answer that was truncated or corrupted is requested again, as after a broken connection. */
function noJson(request: ConstructorParameters<typeof RequestError>[2]['request']): RequestError {
  const what = `${request.method} ${request.url.split('?')[0]}`;
  const cause = new UnreadableBody(`${what}: an answer that is no JSON`);
  return new RequestError(cause.message, 500, { request, cause });
}

/** As Octokit does: a bigint if a number would lose digits, and the text itself if it is not JSON. */
export function parsed(text: string): unknown {
  try {
    return largeNumber.test(text) ? JSON.parse(text, withAllDigits) : JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * The same for what is stored as JSON again: `JSON.stringify` writes every number with the digits that it came with, also
 * fractions and exponents.
 */
export function parsedExactly(text: string): unknown {
  try {
    return JSON.parse(text, asSent);
  } catch {
    return text;
  }
}

declare global {
  interface JSON {
    /** ECMAScript's proposal of JSON.parse with source text, which TypeScript's library does not have yet. */
    rawJSON(source: string): object;
  }
}

function asSent(_key: string, value: unknown, context?: { source: string }): unknown {
  const isOther = typeof value === 'number' && context !== undefined && String(value) !== context.source;
  return isOther ? JSON.rawJSON(context.source) : value;
}

function withAllDigits(_key: string, value: unknown, context?: { source: string }): unknown {
  const isLarge = typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER;
  return isLarge && context !== undefined && wholeNumber.test(context.source)
    ? BigInt(context.source)
    : value;
}
