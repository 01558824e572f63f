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

/** GitHub will not show one object, or stumbles over it. Any other type spoils the whole answer. */
const aboutObjects = new Set(['NOT_FOUND', 'FORBIDDEN']);
const STUMBLED = /^Something went wrong while executing your query/;

/**
 * Takes out of a GraphQL answer what its errors are about: an element of the top-level list `elements` becomes null as
 * a whole, for what is inside could be a hole.
 *
 * @returns the failure of the whole answer, or null when what is left can be read
 */
export function setAside(
  answer: unknown,
  elements: string | undefined,
): { code: 'GITHUB_UNAVAILABLE' | 'GITHUB_BAD_ANSWER'; message: string } | null {
  const data = fieldOf(answer, 'data');
  const list = elements === undefined ? undefined : fieldOf(data, elements);
  for (const { type, message, path } of graphqlErrors(answer)) {
    const [root, index] = path;
    const stumbled = STUMBLED.test(message);
    const aside = aboutObjects.has(type) || stumbled;
    if (aside && root === elements && typeof index === 'number' && Array.isArray(list) && index in list) {
      list[index] = null;
      continue;
    }
    return { code: stumbled ? 'GITHUB_UNAVAILABLE' : 'GITHUB_BAD_ANSWER', message: `${type} ${message}` };
  }
  return null;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function pathOf(error: unknown): readonly unknown[] {
  const path: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'path') : undefined;
  return Array.isArray(path) ? path : [];
}

function textAt(value: unknown, name: 'type' | 'message'): string {
  const text: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof text === 'string' ? text : '';
}
