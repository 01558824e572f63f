import { createServer, type IncomingMessage, type Server } from 'node:http';
import { isLocal } from '../local-request.ts';
import type { createSetup } from './answer-setup.ts';

/** A key has a few thousand characters at most. */
const LONGEST_BODY = 64 * 1024;

const plain = { 'content-type': 'text/plain; charset=utf-8' };

/** Serves only the pages of `/setup`, to this machine; not listening yet. */
export function createSetupServer(answer: ReturnType<typeof createSetup>): Server {
  return createServer((request, response) => {
    void respond(request, answer).then(({ status, headers, body }) => {
      // A page without a referrer would post its forms from the origin `null`, like a foreign page.
      response.writeHead(status, {
        'cache-control': 'no-store',
        'referrer-policy': 'same-origin',
        ...headers,
      });
      return response.end(body);
    });
  });
}

async function respond(request: IncomingMessage, answer: ReturnType<typeof createSetup>) {
  if (!isLocal(request))
    return { status: 401, headers: plain, body: 'This page answers direct requests of this machine only.\n' };
  let form: URLSearchParams;
  try {
    form = new URLSearchParams(await bodyOf(request));
  } catch {
    return { status: 413, headers: plain, body: 'This request is too long.\n' };
  }
  const { method = 'GET', url = '/' } = request;
  const page = await answer({ method, url, origin: `http://${request.headers.host ?? ''}`, form });
  if (page === null) return { status: 404, headers: plain, body: 'There is nothing here but /setup.\n' };
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': page.policy };
  return { status: page.status, headers, body: page.html };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > LONGEST_BODY) throw new Error('too long');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
