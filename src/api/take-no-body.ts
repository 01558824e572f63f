import type { FastifyInstance } from 'fastify';
import { SyncError } from '../errors.ts';

/**
 * For routes that are told everything by their address: a body is none, or `{}`, whose fields nobody looks at, nor at a
 * body that does not say that it is JSON. Whoever sends anything else as JSON means something that would not be done.
 *
 * Such a request gets 400 BAD_REQUEST; above the limit of the API's bodies, 413.
 */
export function takeNoBody(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'string' }, (request, body, parsed) => {
    const isJson = /^application\/([^;]*\+)?json\b/i.test(request.headers['content-type'] ?? '');
    if (!isJson || isEmptyOrObject(String(body))) parsed(null);
    else parsed(new SyncError('BAD_REQUEST', 'the body is neither empty nor a JSON object'));
  });
}

function isEmptyOrObject(text: string): boolean {
  if (text.trim() === '') return true;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && !Array.isArray(value);
  } catch {
    return false;
  }
}
