/** The `errors` of a GraphQL answer; none of a REST answer. */
export function graphqlErrors(data: unknown): { type: string; message: string }[] {
  if (typeof data !== 'object' || data === null || !('errors' in data) || !Array.isArray(data.errors))
    return [];
  return data.errors.map((error: unknown) => ({
    type: textAt(error, 'type'),
    message: textAt(error, 'message'),
  }));
}

function textAt(value: unknown, name: 'type' | 'message'): string {
  const text: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof text === 'string' ? text : '';
}
