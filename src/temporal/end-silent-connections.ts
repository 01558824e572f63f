import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

const SILENT_MS = 10_000;
/** Node publishes every connection that is begun: https://nodejs.org/api/diagnostics_channel.html#tcp-socket */
const BEGUN = 'net.client.socket';

/**
 * Closes connections to Temporal that are not established within 10 s: grpc-js (1.14.7) waits without limit for
 * the other side to accept one, and then for its first frame. Behind a load balancer that accepts connections
 * for an unavailable server it would never recover, even when the server is back. gRPC's keepalive closes those
 * that fall silent later.
 *
 * @param port Temporal's; a connection that is being opened cannot be attributed otherwise, and none takes
 * longer
 * @param silentMs how long a connection may be silent
 * @returns stops looking at new ones
 */
export function endSilentConnections(port: number, silentMs = SILENT_MS): () => void {
  const watch = (message: unknown): void => {
    if (typeof message !== 'object' || message === null || !('socket' in message)) return;
    const { socket } = message;
    if (!(socket instanceof Socket)) return;
    const timer = setTimeout(() => {
      const isSilent = socket.remotePort === port && socket.bytesRead === 0;
      // With an error: otherwise nobody notices its end while it is being opened.
      if (socket.connecting || isSilent)
        socket.destroy(Object.assign(new Error('nothing answered in time'), { code: 'ETIMEDOUT' }));
    }, silentMs).unref();
    socket.once('close', () => clearTimeout(timer));
  };
  subscribe(BEGUN, watch);
  return () => void unsubscribe(BEGUN, watch);
}
