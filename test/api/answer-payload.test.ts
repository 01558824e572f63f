import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { deliver, pushPayload, startTestApi, type TestApi } from './support.ts';

/** Two of them are more than the budget. */
const BYTES = 20 * 1024 * 1024;
const READERS = 3;

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
  // On a busy machine three who take nothing keep it for longer than a caller waits, who then asks again.
  const ask = () => fetch(`http://127.0.0.1:${port}/api/deliveries/${guid}/`);
  let answer = await ask();
  while (answer.status === 503) answer = await ask();
  expect(await answer.json()).toMatchObject({ guid, payload: JSON.parse(body) });
  for (const reader of readers) reader.destroy();
}, 60_000);

it('turns away in time who waits behind too many others, and blames no database for it', async () => {
  const readers = Array.from({ length: 12 }, readSlowly);
  const begun = await Promise.all(readers.map((reader) => once(reader, 'data')));
  const refused = begun.map(String).filter((answer) => answer.startsWith('HTTP/1.1 503'));
  // Each keeps the others waiting for a second, and nobody waits for more than five.
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.filter((answer) => !answer.includes('"OVERLOADED"'))).toEqual([]);
  for (const reader of readers) reader.destroy();
}, 60_000);

it('sends each character as it was sent, also one that takes two units of UTF-16', async () => {
  // One of the two is at an odd place, so that a text cut anywhere is cut within a character.
  for (const filler of ['', 'x']) {
    const sent = pushPayload({ filler: filler + '🐙'.repeat(200_000) });
    const one = randomUUID();
    await deliver(api.app, { guid: one, body: sent });
    const answer = await fetch(`http://127.0.0.1:${port}/api/deliveries/${one}/`);
    const text = await answer.text();
    expect(text).not.toContain('\uFFFD');
    expect(answer.headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
    expect(JSON.parse(text)).toMatchObject({ payload: JSON.parse(sent) });
  }
});

it('answers that there is no delivery if it was deleted while the caller waited', async () => {
  const first = readSlowly();
  await once(first, 'data');
  // Each of these keeps the caller waiting for a second more, unless it finds no delivery either.
  const others = [readSlowly(), readSlowly()];
  const answer = await api.db.transaction().execute(async (tx) => {
    await sql`delete from webhook_deliveries where guid = ${guid}`.execute(tx);
    const waiting = fetch(`http://127.0.0.1:${port}/api/deliveries/${guid}/`);
    await sleep(500);
    return { waiting };
  });
  expect((await answer.waiting).status).toBe(404);
  for (const reader of [first, ...others]) reader.destroy();
});
