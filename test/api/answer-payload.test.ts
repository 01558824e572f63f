import { randomUUID } from 'node:crypto';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { deliver, pushPayload, startTestApi, type TestApi } from './support.ts';

/** Two of them are more than the budget. */
const BYTES = 20 * 1024 * 1024;
const READERS = 6;

let api: TestApi;
let port: number;
const guid = randomUUID();
const body = pushPayload({ filler: 'x'.repeat(BYTES) });

beforeAll(async () => {
  api = await startTestApi();
  await api.app.listen({ port: 0 });
  const address: AddressInfo | string | null = api.app.server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
  await deliver(api.app, { guid, body });
});
afterAll(() => api.close());

/** Takes the beginning of the answer, and no more. */
function readSlowly(): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined).once('data', () => socket.pause());
  socket.write(`GET /api/deliveries/${guid}/ HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  return socket;
}

it('keeps a large payload for one caller at a time, and for none who does not take it while others wait', async () => {
  const readers = Array.from({ length: READERS }, readSlowly);
  const begun = () => readers.filter(({ bytesRead }) => bytesRead > 0).length;
  let answers = 0;
  for (let looks = 0; looks < 30; looks += 1) {
    const open = await new Promise<number>((resolve, reject) =>
      api.app.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
    // Those that began and still have a connection hold an answer: the others wait, or were turned away.
    answers = Math.max(answers, open - (READERS - begun()));
    await sleep(50);
  }
  expect(answers).toBe(1);
  const answer = await fetch(`http://127.0.0.1:${port}/api/deliveries/${guid}/`);
  expect(await answer.json()).toMatchObject({ guid, payload: JSON.parse(body) });
  for (const reader of readers) reader.destroy();
}, 60_000);
