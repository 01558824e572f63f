import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { version } from '../process/version.ts';

/**
 * Serves the API's own OpenAPI document: a page at `/docs`, JSON at `/docs/json`. Registered before the routes that it
 * describes.
 *
 * @param isOpen no token is configured: whoever reaches the API may use it
 */
export async function registerDocumentation(app: FastifyInstance, isOpen: boolean): Promise<void> {
  await app.register(swagger, {
    openapi: {
      info: {
        title: 'github-auto-sync',
        description: 'A mirror of GitHub in PostgreSQL: its health, jobs, deliveries and analytics.',
        version,
        license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'SYNC_API_TOKEN' } },
      },
      security: isOpen ? [] : [{ token: [] }],
    },
    transform: (input) => {
      const { schema, url } = jsonSchemaTransform(input);
      const isPublic = input.route.config?.access !== undefined;
      return { schema: isPublic ? { ...schema, security: [] } : schema, url };
    },
    transformObject: (input) => {
      const document = jsonSchemaTransformObject(input);
      if (!('components' in document)) return document;
      const schemas = document.components?.schemas ?? {};
      const used = JSON.stringify(document.paths);
      // Each named schema comes as a request's too (`JobInput`), which no request takes.
      for (const name of Object.keys(schemas)) {
        if (!used.includes(`"#/components/schemas/${name}"`)) delete schemas[name];
      }
      return document;
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
}
