import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Whether nothing listens at the port on loopback. */
export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

/**
 * A port of loopback to give to a program about to start: `preferred` where it is free, else one the system picks.
 *
 * A port that was only listened at and closed may be picked again at once, by Temporal for one of its own parts for
 * example, which then finds it taken and ends. So one connection is accepted and closed from this side: that leaves
 * the port in TIME_WAIT for a minute, during which the system picks it for nobody, and whoever names it gets it.
 */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isPortFree(preferred))) return preferred;
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('listening at no port');
  const { port } = address;
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const client = connect(port, '127.0.0.1').resume();
  (await accepted).end();
  await once(client, 'close');
  server.close();
  await once(server, 'close');
  return port;
}

/** Says that somebody else has the port, and which setting chooses another. */
export class PortTakenError extends Error {
  override name = 'PortTakenError';
  constructor(what: string, port: number, advice: string) {
    super(`Port ${port} is taken: ${what} cannot listen there. ${advice}`);
  }
}
