import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

const SILENT_MS = 10_000;
/** Node tells of every connection that is begun: https://nodejs.org/api/diagnostics_channel.html#tcp-socket */
const BEGUN = 'net.client.socket';

/**
 * Ends connections to Temporal that do not come about within 10 s: grpc-js (1.14.7) waits without any limit for the other
 * side to accept one, and then for its first frame. Behind a load balancer that takes connections for a server that is away
 * it would be deaf for good, even when the server is back. One that falls silent later is ended by gRPC's keepalive.
 *
 * @param port Temporal's; while a connection is being opened it cannot be told whose it is, and nobody waits longer for any
 * @param silentMs so long nothing came
 * @returns stops looking at new ones
 */
export function endSilentConnections(port: number, silentMs = SILENT_MS): () => void {
  const watch = (message: unknown): void => {
    if (typeof message !== 'object' || message === null || !('socket' in message)) return;
    const { socket } = message;
    if (!(socket instanceof Socket)) return;
    const timer = setTimeout(() => {
      const isSilent = socket.remotePort === port && socket.bytesRead === 0;
      // With an error: its end alone would not be heard while it is being opened.
      if (socket.connecting || isSilent)
        socket.destroy(Object.assign(new Error('nothing answered in time'), { code: 'ETIMEDOUT' }));
    }, silentMs).unref();
    socket.once('close', () => clearTimeout(timer));
  };
  subscribe(BEGUN, watch);
  return () => void unsubscribe(BEGUN, watch);
}
