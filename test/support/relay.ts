import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP relay in front of servers, which a test can cut. */
export interface Relay {
  port: number;
  /** how many connections it took so far */
  taken: () => number;
  /** Ends every connection and takes no new ones. */
  cut: () => void;
  /**
   * The host behind it vanishes silently: nothing passes on the present connections any more, nor on new ones until `restore`. None is closed.
   */
  silence: () => void;
  /** Takes connections again. */
  restore: () => void;
  close: () => Promise<void>;
}

/**
 * Passes TCP connections on to the ports that `targets` names at that moment, each in turn. A target that does
 * not listen ends the connection, as a server that is down does.
 */
export async function createRelay(targets: () => readonly number[]): Promise<Relay> {
  const open = new Set<Socket>();
  let isCut = false;
  let isSilent = false;
  let turn = 0;
  let taken = 0;
  const server = createServer((incoming) => {
    taken += 1;
    const ports = targets();
    const port = ports[turn++ % Math.max(1, ports.length)];
    if (isCut || port === undefined) {
      incoming.resetAndDestroy();
      return;
    }
    if (isSilent) {
      open.add(incoming);
      incoming.on('error', () => undefined);
      incoming.on('close', () => open.delete(incoming));
      incoming.resume();
      return;
    }
    const outgoing = connect({ port, host: '127.0.0.1', noDelay: true });
    incoming.setNoDelay(true);
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  const sever = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: address.port,
    taken: () => taken,
    cut: () => {
      isCut = true;
      sever();
    },
    silence: () => {
      isSilent = true;
      for (const socket of open) socket.unpipe().resume();
    },
    restore: () => {
      isCut = false;
      isSilent = false;
    },
    close: async () => {
      server.close();
      sever();
      await once(server, 'close');
    },
  };
}
