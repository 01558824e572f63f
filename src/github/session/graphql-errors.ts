export interface GraphqlError {
  type: string;
  message: string;
  /** where in `data` it makes something null */
  path: readonly unknown[];
}

/** The `errors` of a GraphQL answer; none for a REST answer. */
export function graphqlErrors(data: unknown): GraphqlError[] {
  if (typeof data !== 'object' || data === null || !('errors' in data) || !Array.isArray(data.errors))
    return [];
  return data.errors.map((error: unknown) => ({
    type: textAt(error, 'type'),
    message: textAt(error, 'message'),
    path: pathOf(error),
  }));
}

/** The query as a whole was too large: whatever such an error names, the rest is no answer either. */
const OF_THE_QUESTION = /^(RATE_LIMIT|RATE_LIMITED|RESOURCE_LIMITS_EXCEEDED|MAX_NODE_LIMIT_EXCEEDED)$/;
const STUMBLED = /^Something went wrong while executing your query/;
/** About a permission that the token lacks; REST reports it as 403. */
const REFUSED = /not accessible by integration/i;

/** Why the answer as a whole is none. */
interface Failure {
  code: 'GITHUB_UNAVAILABLE' | 'GITHUB_BAD_ANSWER' | 'ACCESS_REFUSED';
  message: string;
  /** the field that it is about, as a path */
  path: string;
}

/**
 * Removes what a GraphQL answer's errors are about: an element of a list becomes null as a whole, because
 * something inside may be missing; a field (an alias) that was requested beside others is deleted, because null
 * would mean that the object does not exist.
 *
 * @param elements where they are in `data`: `nodes`, or `node.refs.nodes`, or the object whose fields they are
 * @returns the failure of the whole answer, or null if the rest can be read
 */
export function setAside(answer: unknown, elements: string | undefined): Failure | null {
  const way = elements?.split('.') ?? [];
  const all = way.reduce(fieldOf, fieldOf(answer, 'data'));
  for (const { type, message, path } of graphqlErrors(answer)) {
    const isWithin = way.length > 0 && way.every((name, at) => path[at] === name);
    const failure = { code: codeOf(message), message: `${type} ${message}`, path: `/${path.join('/')}` };
    if (!isWithin || OF_THE_QUESTION.test(type) || !takeOut(all, path[way.length])) return failure;
    // Not about any requested field, so not about single elements.
    if (failure.code === 'ACCESS_REFUSED' && Array.isArray(all) && all.every((one) => one === null))
      return failure;
  }
  return null;
}

function codeOf(message: string): Failure['code'] {
  if (REFUSED.test(message)) return 'ACCESS_REFUSED';
  return STUMBLED.test(message) ? 'GITHUB_UNAVAILABLE' : 'GITHUB_BAD_ANSWER';
}

/** @returns whether there is such an element */
function takeOut(elements: unknown, key: unknown): boolean {
  if (typeof elements !== 'object' || elements === null) return false;
  if (typeof key === 'number' && Array.isArray(elements) && key in elements)
    return Reflect.set(elements, key, null);
  return typeof key === 'string' && key in elements && Reflect.deleteProperty(elements, key);
}

/** The positions in the top-level list `elements` that are null for any reason other than non-existence. */
export function failedAt(answer: unknown, elements: string): Set<number> {
  return new Set(
    graphqlErrors(answer).flatMap(({ type, path: [root, index] }) =>
      root === elements && typeof index === 'number' && type !== 'NOT_FOUND' ? [index] : [],
    ),
  );
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
