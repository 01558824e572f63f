/** GitHub's published description of its REST API and webhooks, as validators. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

type Schema = Record<string, unknown>;

interface Answer {
  $ref?: string;
  content?: Record<string, { schema: Schema }>;
}

interface Webhook {
  requestBody: { content: Record<string, { schema: Schema }> };
  summary?: string;
  'x-github': { subcategory: string };
}

interface Description {
  paths: Record<string, Record<string, { responses: Record<string, Answer> }>>;
  'x-webhooks': Record<string, { post: Webhook }>;
  components: { schemas: Record<string, Schema>; responses: Record<string, Answer> };
}

/** The description's named schemas, each of which is compiled once however many answers hold it. */
const NAMED = 'github.json';

export interface OpenApi {
  /** Faults of an answer, as text; empty when it is as described. Throws when the description has no such answer. */
  answer(method: string, path: string, status: number, body: unknown): string;
  /** Faults of a delivery. */
  delivery(name: string, payload: unknown): string;
}

function readDescription(): Description {
  const file = import.meta.resolve('@octokit/openapi/generated/api.github.com.json');
  return JSON.parse(readFileSync(fileURLToPath(file), 'utf8'));
}

/** The permissions any one of which lets an App subscribe to an event, by the event's name. */
export function readEventPermissions(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { post } of Object.values(readDescription()['x-webhooks'])) {
    const [needed] = /To subscribe to this event, a GitHub App [^\n]*/.exec(post.summary ?? '') ?? [];
    const named = [...(needed?.matchAll(/"([A-Z][a-z ]+)"/g) ?? [])].map(([, name = '']) => name);
    if (named.length > 0)
      found.set(
        post['x-github'].subcategory,
        named.map((name) => name.toLowerCase().replaceAll(' ', '_')),
      );
  }
  return found;
}

/** Reads the description (13 MB: once per test file). */
export function readOpenApi(): OpenApi {
  const { paths, 'x-webhooks': webhooks, components } = readDescription();
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  formats.default(ajv, ['date-time', 'uri', 'email']);
  ajv.addSchema({ $id: NAMED, components: inside({ schemas: components.schemas }) });
  const compiled = new Map<string, ValidateFunction>();
  function check(name: string, schema: Schema | undefined, value: unknown): string {
    if (!schema) throw new Error(`the description has no ${name}`);
    const validate = compiled.get(name) ?? ajv.compile(withNulls(schema));
    compiled.set(name, validate);
    if (validate(value)) return '';
    const errors = (validate.errors ?? []).slice(0, 5);
    return errors
      .map((one) => `${name}${one.instancePath} ${one.message} ${JSON.stringify(one.params)}`)
      .join('\n');
  }
  return {
    answer: (method, path, status, body) => {
      const answer = paths[path]?.[method.toLowerCase()]?.responses[status];
      const named = answer?.$ref?.replace('#/components/responses/', '');
      const { content } = (named === undefined ? answer : components.responses[named]) ?? {};
      return check(`${method} ${path} ${status}`, content?.['application/json']?.schema, body);
    },
    delivery: (name, payload) => {
      const content = webhooks[name]?.post.requestBody.content['application/json'];
      return check(name, content?.schema, payload);
    },
  };
}

/** OpenAPI 3.0's `nullable` as JSON Schema has it. */
function withNulls(schema: Schema): Schema {
  const { nullable, example: _example, examples: _examples, ...rest } = schema;
  const plain: Schema = Object.fromEntries(Object.entries(rest).map(([key, one]) => [key, inside(one)]));
  return nullable === true ? { anyOf: [plain, { type: 'null' }] } : plain;
}

function inside(value: unknown): unknown {
  if (typeof value === 'string' && value.startsWith('#/components/')) return `${NAMED}${value}`;
  if (Array.isArray(value)) return value.map(inside);
  return isSchema(value) ? withNulls(value) : value;
}

function isSchema(value: unknown): value is Schema {
  return value !== null && typeof value === 'object';
}
