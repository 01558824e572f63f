import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectTemporal, type TemporalConnection } from '../../src/temporal/connect.ts';
import { pingTemporal } from '../../src/temporal/ping.ts';
import { freePort } from '../../src/standalone/free-port.ts';
import { createRelay, type Relay } from '../support/relay.ts';
import { connectTestTemporal, type TestTemporal } from '../support/temporal.ts';

const PING_MS = 2000;
const LIMIT_MS = 60_000;

let server: TestTemporal;
let relay: Relay;
let temporal: TemporalConnection;
beforeAll(async () => {
  server = await connectTestTemporal();
  relay = await createRelay(() => [Number(server.address.split(':')[1])]);
  temporal = connectTemporal({
    connectionOptions: { address: `127.0.0.1:${relay.port}` },
    namespace: 'default',
  });
});
afterAll(async () => {
  await temporal.close();
  await relay.close();
  await server.close();
});

const answers = () =>
  pingTemporal(temporal.client, PING_MS).then(
    () => true,
    () => false,
  );

it(
  'reconnects after the host accepted a connection and never answered on it',
  async () => {
    relay.silence();
    expect(await answers()).toBe(false);
    relay.restore();
    const since = performance.now();
    while (!(await answers()) && performance.now() - since < LIMIT_MS) await sleep(500);
    // The connection of before is given up after 10 s.
    expect(performance.now() - since).toBeLessThan(30_000);
  },
  2 * LIMIT_MS,
);

it(
  'keeps an idle connection',
  async () => {
    expect(await answers()).toBe(true);
    await sleep(12_000);
    const taken = relay.taken();
    expect(await answers()).toBe(true);
    expect(relay.taken()).toBe(taken);
  },
  LIMIT_MS,
);

it('can be closed while a call is about to be repeated', async () => {
  const nobody = connectTemporal({
    connectionOptions: { address: `127.0.0.1:${await freePort()}` },
    namespace: 'default',
  });
  const isAway = { code: 'TEMPORAL_UNAVAILABLE' };
  const call = expect(pingTemporal(nobody.client, PING_MS)).rejects.toMatchObject(isAway);
  // The first repetition is due after 140 to 200 ms: an error of its timer would fail this file.
  await sleep(100);
  await nobody.close();
  await call;
  await sleep(300);
});
