export interface GraphqlError {
  type: string;
  message: string;
  /** where in `data` something is null because of it */
  path: readonly unknown[];
}

/** The `errors` of a GraphQL answer; none of a REST answer. */
export function graphqlErrors(data: unknown): GraphqlError[] {
  if (typeof data !== 'object' || data === null || !('errors' in data) || !Array.isArray(data.errors))
    return [];
  return data.errors.map((error: unknown) => ({
    type: textAt(error, 'type'),
    message: textAt(error, 'message'),
    path: pathOf(error),
  }));
}

/** Types by which GitHub says that it will not show one object. Any other spoils the whole answer. */
const aboutObjects = new Set(['NOT_FOUND', 'FORBIDDEN']);

/** True for an error that leaves one element of the top-level list `elements` null, and the others whole. */
export function isAboutOneElement({ type, path }: GraphqlError, elements: string | undefined): boolean {
  return aboutObjects.has(type) && path.length > 1 && path[0] === elements && typeof path[1] === 'number';
}

function pathOf(error: unknown): readonly unknown[] {
  const path: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'path') : undefined;
  return Array.isArray(path) ? path : [];
}

function textAt(value: unknown, name: 'type' | 'message'): string {
  const text: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof text === 'string' ? text : '';
}
