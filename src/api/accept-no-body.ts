import type { FastifyInstance } from 'fastify';
import { SyncError } from '../errors.ts';

/**
 * For routes whose address says everything: they accept no body or `{}`, ignoring its fields, and ignore a body
 * that is not declared as JSON. Any other JSON is refused, because its sender expects something that would not
 * be done.
 *
 * Such a request gets 400 BAD_REQUEST; above the API's size limit, 413.
 */
export function acceptNoBody(scope: FastifyInstance): void {
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
