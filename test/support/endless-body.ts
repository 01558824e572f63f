import { connect, type Socket } from 'node:net';

const PIECE = Buffer.alloc(256 * 1024, 'x');

/**
 * Sends all of a body to the webhook but its last byte, as fast as it is taken, and then waits, without reading any
 * answer. Destroyed when the other side cuts it off.
 *
 * @param headers whole lines of HTTP, each with its end
 */
export function sendEndlessBody(port: number, bytes: number, headers: string): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(
    `POST /api/github/webhook/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${headers}Content-Length: ${bytes}\r\n\r\n`,
  );
  let left = bytes - 1;
  const send = (): void => {
    while (left > 0 && !socket.destroyed) {
      const piece = PIECE.subarray(0, Math.min(left, PIECE.length));
      left -= piece.length;
      if (!socket.write(piece)) {
        socket.once('drain', send);
        return;
      }
    }
  };
  send();
  return socket;
}
