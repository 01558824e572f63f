import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { startTestApi } from './support.ts';
import { typesOfDocument } from './types-of-document.ts';

/** The OpenAPI document of an API with these settings. */
async function documentOf(settings: { token?: string }): Promise<unknown> {
  const api = await startTestApi({ settings });
  const headers = { authorization: `Bearer ${settings.token ?? ''}` };
  const answer = await api.app.inject({ url: '/docs/json', headers });
  await api.close();
  return answer.json();
}

it('names every operation once, with the token for all but the open ones', async () => {
  const document = z
    .object({
      security: z.array(z.unknown()),
      paths: z.record(
        z.string(),
        z.record(
          z.string(),
          z.object({
            operationId: z.string(),
            security: z.array(z.unknown()).optional(),
            responses: z.record(z.string(), z.unknown()),
          }),
        ),
      ),
    })
    .parse(await documentOf({ token: 'a token' }));
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  expect(document.security).toEqual([{ token: [] }]);
  const open = operations.filter(({ security }) => security?.length === 0);
  expect(open.map(({ operationId }) => operationId).toSorted()).toEqual([
    'getLiveness',
    'getReadiness',
    'login',
    'logout',
    'receiveDelivery',
  ]);
  const withoutRefusal = operations.filter(({ responses }) => !Object.hasOwn(responses, '401'));
  expect(withoutRefusal.map(({ operationId }) => operationId)).toEqual(['getLiveness', 'getReadiness']);
});

it('gives the types of docs/examples, which are checked with the page that uses them', async () => {
  const file = fileURLToPath(new URL('../../docs/examples/mirror-api.d.ts', import.meta.url));
  const types = await typesOfDocument(await documentOf({}), file);
  // Where not: npm run api-types, beside an npm start of this version.
  expect(readFileSync(file, 'utf8')).toBe(types);
});

it('contains every schema that it refers to', async () => {
  const document = z
    .object({ components: z.object({ schemas: z.record(z.string(), z.unknown()) }) })
    .loose()
    .parse(await documentOf({}));
  const referred = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name = '']) => name,
  );
  expect(new Set(referred)).toEqual(new Set(Object.keys(document.components.schemas)));
});
