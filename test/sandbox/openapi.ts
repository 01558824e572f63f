/** GitHub's published description of its REST API and webhooks, as validators. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

type Schema = Record<string, unknown>;

interface Description {
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: Schema }> }> }>
  >;
  'x-webhooks': Record<string, { post: { requestBody: { content: Record<string, { schema: Schema }> } } }>;
}

export interface OpenApi {
  /** Faults of an answer, as text; empty when it is as described. Throws when the description has no such answer. */
  answer(method: string, path: string, status: number, body: unknown): string;
  /** Faults of a delivery. */
  delivery(name: string, payload: unknown): string;
}

/** Reads the description (73 MB: once per test file). */
export function readOpenApi(): OpenApi {
  const file = import.meta.resolve('@octokit/openapi/generated/api.github.com.deref.json');
  const description: Description = JSON.parse(readFileSync(fileURLToPath(file), 'utf8'));
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  formats.default(ajv, ['date-time', 'uri', 'email']);
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
      const response = description.paths[path]?.[method.toLowerCase()]?.responses[status];
      const schema = response?.content?.['application/json']?.schema;
      return check(`${method} ${path} ${status}`, schema, body);
    },
    delivery: (name, payload) => {
      const content = description['x-webhooks'][name]?.post.requestBody.content['application/json'];
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
  if (Array.isArray(value)) return value.map(inside);
  return isSchema(value) ? withNulls(value) : value;
}

function isSchema(value: unknown): value is Schema {
  return value !== null && typeof value === 'object';
}
