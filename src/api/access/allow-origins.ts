import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** How long a browser may cache the answer to a preflight. */
const PREFLIGHT_SECONDS = 600;

/**
 * Lets pages of the given origins call the API from a browser. They still need the token, as a bearer token;
 * cookies are not accepted from them. Register it before the access control: a preflight carries no token.
 */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  await app.register(cors, {
    origin: [...origins],
    credentials: false,
    methods: ['GET', 'HEAD', 'POST', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type'],
    exposedHeaders: ['retry-after'],
    maxAge: PREFLIGHT_SECONDS,
  });
}
