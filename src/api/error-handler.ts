import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { describeUnavailable } from '../db/database-troubles.ts';
import { errorTable, SyncError, type ErrorCode } from '../errors.ts';
import { loggableMessage, loggableStack } from '../loggable-error.ts';

interface ErrorBody {
  code: ErrorCode;
  message: string;
  requestId: string;
}

/** The only place where an error becomes an answer: `{ code, message, requestId }` from the error table. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known = toSyncError(error);
  const { status, advice } = errorTable[known.code];
  logError(request.log, known);
  const body: ErrorBody = { code: known.code, message: `${known.message}. ${advice}`, requestId: request.id };
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  // Bypasses the route's serializer: the error may have occurred before a route was found.
  void reply
    .code(status)
    .type('application/json; charset=utf-8')
    .serializer((value: unknown) => JSON.stringify(value))
    .send(body);
}

export function answerUnknownRoute(request: FastifyRequest, reply: FastifyReply): void {
  answerError(
    new SyncError('NOT_FOUND', `there is no ${request.method} route here; see /docs`),
    request,
    reply,
  );
}

function toSyncError(error: unknown): SyncError {
  if (error instanceof SyncError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [first] = error.validation;
    const field = fieldOf(error.validationContext, first?.instancePath ?? '');
    return new SyncError('BAD_REQUEST', sentenceOf(field, first?.message ?? 'is not valid'));
  }
  const unavailable = describeUnavailable(error);
  if (unavailable !== null) return new SyncError(unavailable.code, unavailable.message, { cause: error });
  if (error instanceof Error && 'code' in error && error.code === 'FST_ERR_HANDLER_TIMEOUT') {
    return new SyncError('DATABASE_UNAVAILABLE', 'no answer in time', { cause: error });
  }
  const status = statusOf(error);
  if (status === 413) return new SyncError('PAYLOAD_TOO_LARGE', 'the body is too large');
  if (status !== undefined && status >= 400 && status < 500) {
    return new SyncError('BAD_REQUEST', error instanceof Error ? error.message : 'the request is not valid');
  }
  // The log has the details, under the requestId; they may contain data that the caller must not see.
  return new SyncError('INTERNAL', 'unexpected error', { cause: error });
}

/** `limit`, `id`, `body.token`: a parameter's name says where it is. */
function fieldOf(context: string | undefined, instancePath: string): string {
  const path = instancePath.slice(1).replaceAll('/', '.');
  if (path === '') return context ?? 'request';
  return context === 'body' ? `body.${path}` : path;
}

/** Our own schemas complete a sentence ("id must be a UUID"), those of zod begin one. */
function sentenceOf(field: string, complaint: string): string {
  return /^[a-z]/.test(complaint) ? `${field} ${complaint}` : `${field}: ${complaint}`;
}

function statusOf(error: unknown): number | undefined {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}

/**
 * Message and stack only, without values: PostgreSQL's errors carry the row that failed, which may be a delivery's
 * body.
 */
function reasonOf({ message, cause }: SyncError): string {
  return cause instanceof Error ? `${message}: ${loggableMessage(cause)}` : message;
}

function stackOf({ stack, cause }: SyncError): string | undefined {
  return cause instanceof Error ? loggableStack(cause) : stack;
}

/** Our defect is an error, an unavailable dependency is a warning, a caller's mistake is neither. */
function logError(log: FastifyBaseLogger, known: SyncError): void {
  const { status } = errorTable[known.code];
  if (status === 500)
    log.error({ code: known.code, reason: reasonOf(known), stack: stackOf(known) }, 'request failed');
  else if (status > 500)
    log.warn({ code: known.code, reason: reasonOf(known) }, 'the request could not be served');
  else log.debug({ code: known.code, reason: known.message }, 'request refused');
}
