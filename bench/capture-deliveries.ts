import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Delivery } from './post-deliveries.ts';
import type { Stack } from './stack.ts';

/** What GitHub delivers for what is done meanwhile; none of it reaches the product. */
export async function captureDeliveries(
  { github, apiUrl }: Stack,
  work: () => Promise<void>,
): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  const server = createServer((incoming, answer) => {
    const keep = async (): Promise<void> => {
      const body = await text(incoming);
      const kept = Object.entries(incoming.headers).filter(([name]) =>
        /^(x-|content-type|user-agent)/.test(name),
      );
      deliveries.push({
        headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
        body,
      });
      answer.writeHead(202).end();
    };
    keep().catch(() => answer.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    await github.act('set-webhook', { url: `http://127.0.0.1:${port}/` });
    await work();
    await github.act('deliveries-done');
  } finally {
    await github.act('set-webhook', { url: `${apiUrl}/api/github/webhook/` });
    server.closeAllConnections();
    server.close();
  }
  return deliveries;
}
