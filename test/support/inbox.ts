import { createServer, type Server } from 'node:http';
import type { Sql } from '../../src/db/orm.ts';
import { insertDeliveries } from '../../src/db/deliveries/insert-deliveries.ts';
import { readDelivery } from '../../src/deliveries/read-delivery.ts';

/** The webhook endpoint, without its access control: every delivery enters the inbox. */
export async function listenForDeliveries(db: Sql): Promise<{ url: string; close: () => Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const guid = String(request.headers['x-github-delivery']);
      const event = String(request.headers['x-github-event']);
      store(guid, event, Buffer.concat(parts)).then(
        () => response.writeHead(202).end(),
        () => response.writeHead(500).end(),
      );
    });
  });
  async function store(guid: string, event: string, json: Buffer): Promise<void> {
    await insertDeliveries(db, [readDelivery({ guid, event, json }).delivery]);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
