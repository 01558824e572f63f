import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Whether nothing listens on this port of loopback. */
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
 * A loopback port for a program about to start: `preferred` if it is free, else one that the system picks.
 *
 * A port on which something listened and was closed may be picked again at once, for example by Temporal for
 * one of its own parts, which then finds it taken and ends. So one connection is accepted and closed from this
 * side: that leaves the port in TIME_WAIT for a minute, during which the system does not pick it, but a program
 * that names it gets it.
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

/** Says that another process has the port, and which setting chooses another one. */
export class PortTakenError extends Error {
  override name = 'PortTakenError';
  constructor(what: string, port: number, advice: string) {
    super(`Port ${port} is taken: ${what} cannot listen there. ${advice}`);
  }
}
