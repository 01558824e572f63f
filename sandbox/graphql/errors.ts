/** GraphQL errors as GitHub writes them: `type` beside the message instead of in `extensions`. */
import { GraphQLError } from 'graphql';
import type { Json } from '../world/context.ts';

/** An error of a field (or of the whole request) with GitHub's `type`. */
export function failure(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

/** What is missing and what may not be seen look the same. */
export function notFound(message: string): GraphQLError {
  return failure('NOT_FOUND', message);
}

/** The installation's permissions do not cover it. */
export function forbidden(): GraphQLError {
  return failure('FORBIDDEN', 'Resource not accessible by integration');
}

/** A cursor that this connection never gave out. */
export function invalidCursor(cursor: string): GraphQLError {
  return failure('INVALID_CURSOR_ARGUMENTS', `\`${cursor}\` does not appear to be a valid cursor.`);
}

/** A field that GitHub has and the sandbox lacks: reported loudly, because a silent null would be a lie. */
export function notSimulated(what: string): GraphQLError {
  return failure('INTERNAL', `The sandbox GitHub does not simulate ${what}`);
}

/** The error of a query that needs too much work; what was found before comes with it. */
export function resourceLimits(): GraphQLError {
  return failure('RESOURCE_LIMITS_EXCEEDED', 'Resource limits for this query exceeded.');
}

/** An error in an answer. */
export function errorShape(error: GraphQLError): Json {
  const { type, code } = error.extensions;
  return {
    ...(type !== undefined && { type }),
    ...(code !== undefined && { code }),
    ...(error.path && { path: error.path }),
    ...(error.locations && { locations: error.locations }),
    message: error.message,
  };
}
