import { once } from 'node:events';
import { createServer } from 'node:net';

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

/** A port that nothing listened at a moment ago: `preferred` where it is free, else one the system picks. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isPortFree(preferred))) return preferred;
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  return address.port;
}

/** Says that somebody else has the port, and which setting chooses another. */
export class PortTakenError extends Error {
  override name = 'PortTakenError';
  constructor(what: string, port: number, advice: string) {
    super(`Port ${port} is taken: ${what} cannot listen there. ${advice}`);
  }
}
