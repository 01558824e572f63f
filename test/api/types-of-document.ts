import { format, resolveConfig } from 'prettier';
import { z } from 'zod';

const schema = z.looseObject({
  get anyOf() {
    return z.array(schema).optional();
  },
  get properties() {
    return z.record(z.string(), schema).optional();
  },
  get items() {
    return schema.optional();
  },
  get additionalProperties() {
    return z.union([schema, z.boolean()]).optional();
  },
  $ref: z.string().optional(),
  nullable: z.boolean().optional(),
  type: z.string().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  required: z.array(z.string()).optional(),
});
type Schema = z.infer<typeof schema>;

const answer = z.object({
  content: z.record(z.string(), z.object({ schema: schema.optional() })).optional(),
});
type Answer = z.infer<typeof answer>;

const openApi = z.object({
  components: z.object({ schemas: z.record(z.string(), schema) }),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        parameters: z
          .array(z.object({ name: z.string(), in: z.string(), required: z.boolean().optional(), schema }))
          .optional(),
        responses: z.record(z.string(), answer),
      }),
    ),
  ),
});

const HEAD = `// Made of the API's own description (\`/docs/json\`): npm run api-types. A test holds it to that.

/** Every request that the API answers: what its address takes, and its answers by status. */
`;

/** Types of an OpenAPI document, as a file of TypeScript. Throws where a schema is of a kind that the API does not use. */
export async function typesOfDocument(document: unknown, file: string): Promise<string> {
  const { paths, components } = openApi.parse(document);
  const members = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], responses }]) => {
      const query = parameters
        .filter((parameter) => parameter.in === 'query')
        .map(({ name, required, schema: of }) => `${name}${required === true ? '' : '?'}: ${typeOf(of)};`);
      const answers = Object.entries(responses).map(([status, answer]) => `${status}: ${bodyOf(answer)};`);
      return `'${method.toUpperCase()} ${path}': { query: {${query.join('')}}; answers: {${answers.join('')}} };`;
    }),
  );
  // In the order of their names: theirs in the document is the one in which modules were read.
  const named = Object.entries(components.schemas)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, of]) => `\nexport interface ${name} ${typeOf(of)}\n`);
  const source = `${HEAD}export interface MirrorApi {${members.join('')}}\n${named.join('')}`;
  return format(source, { ...(await resolveConfig(file)), filepath: file });
}

/** Of an answer in JSON; null where it has no body. */
function bodyOf(answer: Answer | undefined): string {
  const [of] = Object.values(answer?.content ?? {});
  return of?.schema === undefined ? 'null' : typeOf(of.schema);
}

function typeOf(of: Schema): string {
  return of.nullable === true ? `${withoutNull(of)} | null` : withoutNull(of);
}

function withoutNull(of: Schema): string {
  if (of.$ref !== undefined) return of.$ref.split('/').at(-1) ?? '';
  if (of.anyOf !== undefined) return [...new Set(of.anyOf.map(typeOf))].join(' | ');
  if (of.const !== undefined) return JSON.stringify(of.const);
  if (of.enum !== undefined)
    return of.enum
      .filter((value) => value !== null)
      .map((value) => JSON.stringify(value))
      .join(' | ');
  switch (of.type) {
    case 'null':
    case 'string':
    case 'boolean':
      return of.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return `(${typeOf(of.items ?? {})})[]`;
    case 'object':
      return objectType(of);
    case undefined:
      return 'unknown';
    default:
      throw new Error(`no type for ${JSON.stringify(of)}`);
  }
}

function objectType({ properties = {}, required = [], additionalProperties }: Schema): string {
  const members = Object.entries(properties).map(
    ([name, of]) => `${name}${required.includes(name) ? '' : '?'}: ${typeOf(of)};`,
  );
  if (members.length > 0) return `{${members.join('')}}`;
  return `Record<string, ${typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown'}>`;
}
