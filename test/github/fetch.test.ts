import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createFetch } from '../../src/github/session/fetch.ts';
import { countUsage } from '../../src/github/session/usage.ts';

let server: Server;
let origin: string;
let respond: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  server = createServer((request, response) => respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const get = { method: 'GET', headers: { authorization: 'token secret' } };

describe('fetch', () => {
  it('follows redirects within the host and says where the answer came from', async () => {
    respond = (request, response) => {
      if (request.url === '/old') response.writeHead(301, { location: '/new' }).end();
      else response.end(String(request.headers.authorization));
    };
    const usage = { requests: 0, points: 0 };
    const answer = await countUsage(usage, undefined, () => createFetch(origin, 1000)(`${origin}/old`, get));
    expect([answer.url, await answer.text(), usage.requests]).toEqual([`${origin}/new`, 'token secret', 2]);
  });

  it.each([
    'https://elsewhere.example/x?y=1',
    '//elsewhere.example/x?y=1',
    'http://127.0.0.1:1/api/v3/x?y=1',
  ])('requests its own host if another name is given: %s', async (location) => {
    respond = (request, response) => {
      if (request.url === '/x?y=1') response.end('there');
      else response.writeHead(302, { location }).end();
    };
    const answer = await createFetch(origin, 1000)(`${origin}/`, get);
    expect([answer.url, await answer.text()]).toEqual([`${origin}/x?y=1`, 'there']);
  });

  it.each(['/repositories/7', '/ghe/api/repositories/7', '/api/v3/repositories/7#top'])(
    'stays below a base with a path, behind which the server does not know it: %s',
    async (location) => {
      respond = (request, response) => {
        if (request.url === '/ghe/api/repositories/7') response.end('there');
        else if (request.url === '/ghe/api/old') response.writeHead(301, { location }).end();
        else response.writeHead(404).end();
      };
      const base = `${origin}/ghe/api`;
      const answer = await createFetch(base, 1000)(`${base}/old`, get);
      expect([answer.url, answer.status]).toEqual([`${base}/repositories/7`, 200]);
    },
  );

  it('does not count a missing target below another prefix as an absence', async () => {
    respond = (request, response) => {
      if (request.url === '/ghe/api/old') response.writeHead(301, { location: '/elsewhere' }).end();
      else response.writeHead(404).end('{}');
    };
    const base = `${origin}/ghe/api`;
    await expect(createFetch(base, 1000)(`${base}/old`, get)).rejects.toMatchObject({
      code: 'GITHUB_BAD_ANSWER',
    });
  });

  it('does not count a missing target under another name as an absence', async () => {
    respond = (request, response) => {
      if (request.url === '/') response.writeHead(302, { location: 'https://elsewhere.example/x' }).end();
      else response.writeHead(404).end('{}');
    };
    await expect(createFetch(origin, 1000)(`${origin}/`, get)).rejects.toMatchObject({
      code: 'GITHUB_BAD_ANSWER',
    });
  });

  it('gives up on an answer that is longer than any of GitHub’s', async () => {
    const block = Buffer.alloc(1024 * 1024);
    respond = (_request, response) => {
      const more = (): void => {
        while (response.write(block));
      };
      response.on('drain', more);
      more();
    };
    await expect(createFetch(origin, 200_000)(`${origin}/`, get)).rejects.toMatchObject({
      code: 'GITHUB_BAD_ANSWER',
    });
  });

  it('rejects a first request to another host', async () => {
    await expect(createFetch(origin, 1000)('https://elsewhere.example/', get)).rejects.toMatchObject({
      code: 'GITHUB_BAD_ANSWER',
    });
  });

  it('stops following a redirect loop', async () => {
    respond = (_request, response) => response.writeHead(307, { location: '/again' }).end('{}');
    await expect(createFetch(origin, 1000)(`${origin}/`, get)).rejects.toMatchObject({
      code: 'GITHUB_BAD_ANSWER',
    });
  });

  it.each([
    [301, 'POST /'],
    [302, 'POST /'],
    [307, 'POST /, POST /there {"query":1}'],
    [308, 'POST /, POST /there {"query":1}'],
  ])('follows a %i of a POST as HTTP prescribes', async (status, expected) => {
    const asked: string[] = [];
    async function redirect(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const body = Buffer.concat(await request.toArray()).toString();
      asked.push(`${request.method} ${request.url}${request.url === '/there' ? ` ${body}` : ''}`);
      if (request.url === '/') response.writeHead(status, { location: '/there' });
      response.end('{}');
    }
    respond = (request, response) => void redirect(request, response);
    await createFetch(origin, 1000)(`${origin}/`, { method: 'POST', body: '{"query":1}' });
    expect(asked.join(', ')).toBe(expected);
  });

  it('completes the creation of a token although its first caller gave up, because others wait for it', async () => {
    respond = (_request, response) => response.end('token');
    const fetchWithin = createFetch(origin, 1000);
    const usage = { requests: 0, points: 0 };
    const ask = (path: string) =>
      countUsage(usage, AbortSignal.abort(new Error('given up')), () =>
        fetchWithin(`${origin}${path}`, { method: 'POST' }),
      );
    await expect(ask('/graphql')).rejects.toThrow('given up');
    expect(await (await ask('/app/installations/1/access_tokens')).text()).toBe('token');
  });

  it('gives up on an answer that never comes, or never ends', async () => {
    respond = () => undefined;
    await expect(createFetch(origin, 50)(`${origin}/`, get)).rejects.toThrow(/timeout|abort/i);
    respond = (_request, response) => void response.writeHead(200).write('half');
    await expect(createFetch(origin, 50)(`${origin}/`, get)).rejects.toThrow(/timeout|abort/i);
  });

  it('fails if the body is truncated', async () => {
    respond = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    };
    await expect(createFetch(origin, 1000)(`${origin}/`, get)).rejects.toThrow(/terminated|closed|failed/);
  });

  it('stops when the work is cancelled', async () => {
    respond = () => undefined;
    const work = countUsage({ requests: 0, points: 0 }, AbortSignal.timeout(20), () =>
      createFetch(origin, 10_000)(`${origin}/`, get),
    );
    await expect(work).rejects.toThrow(/abort|timeout/i);
  });

  it.each([204, 304])('accepts an answer without a body (%i)', async (status) => {
    respond = (_request, response) => response.writeHead(status).end();
    expect((await createFetch(origin, 1000)(`${origin}/`, get)).status).toBe(status);
  });
});
