import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { freePort } from '../../src/standalone/free-port.ts';

describe('a free port', () => {
  // Without a hold on them, 600 of the 14,000 or so that the system picks from are never all different.
  it('is not chosen twice before its program listens there', async () => {
    const ports: number[] = [];
    while (ports.length < 600) ports.push(await freePort());
    expect(new Set(ports).size).toBe(ports.length);
  });

  it('can be listened on', async () => {
    const port = await freePort();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    expect(server.address()).toMatchObject({ port });
    server.close();
  });

  it('is the preferred one if that is free, and another if it is in use', async () => {
    const preferred = await freePort();
    expect(await freePort(preferred)).toBe(preferred);
    const server = createServer().listen(preferred, '127.0.0.1');
    await once(server, 'listening');
    expect(await freePort(preferred)).not.toBe(preferred);
    server.close();
  });
});
