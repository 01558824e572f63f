import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from './support.ts';

let api: TestApi;
let port: number;
beforeAll(async () => {
  api = await startTestApi();
  port = Number(new URL(await api.app.listen({ port: 0, host: '127.0.0.1' })).port);
});
afterAll(() => api.close());

const HOST = 'host: localhost\r\n';

const requests: [what: string, request: string, status: number][] = [
  ['no HTTP at all', 'hello\r\n\r\n', 400],
  ['an unknown method', `NONSENSE /livez HTTP/1.1\r\n${HOST}\r\n`, 400],
  ['a header without a value', `GET /livez HTTP/1.1\r\n${HOST}nonsense\r\n\r\n`, 400],
  ['too long a header', `GET /livez HTTP/1.1\r\n${HOST}x: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ['too long a path', `GET /api/sync/jobs/?cursor=${'x'.repeat(20_000)} HTTP/1.1\r\n${HOST}\r\n`, 431],
  ['no host', 'GET /livez HTTP/1.1\r\n\r\n', 400],
  ['an unknown expectation', `GET /livez HTTP/1.1\r\n${HOST}expect: nonsense\r\n\r\n`, 417],
  ['a request for a tunnel', `CONNECT a.example:443 HTTP/1.1\r\n${HOST}\r\n`, 400],
];

it.each(requests)('answers %s with an error like any other', async (_what, request, status) => {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  socket.write(request);
  const [chunk] = await once(socket, 'data');
  socket.destroy();
  const [head = '', body = ''] = String(chunk).split('\r\n\r\n');
  expect(head).toContain(`HTTP/1.1 ${status} `);
  expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`);
  expect(JSON.parse(body)).toEqual({
    code: 'BAD_REQUEST',
    message: expect.stringMatching(/^(the|this) /),
    requestId: expect.stringMatching(/^[\da-f-]{36}$/),
  });
});

it.each(requests)('goes on if the sender of %s resets the connection at once', async (_what, request) => {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  // Both are in the kernel before the server reads: it reads the request, and cannot write its answer.
  socket.write(request);
  socket.resetAndDestroy();
  await closed;
  expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
});
