/** Smaller ones may share a pool of Node's with others, and are no matter. */
const LEAST_BYTES = 16 * 1024;

/**
 * Gives the memory of buffers back at once, which must not be used any more. Left to the garbage collector, which
 * looks after 64 MB of such memory only, bodies that are thrown away would stand beside those that are received.
 */
export function freeBuffers(buffers: readonly Buffer[]): void {
  for (const { buffer, byteLength } of buffers) {
    const isAlone = buffer.byteLength === byteLength;
    if (isAlone && byteLength >= LEAST_BYTES && buffer instanceof ArrayBuffer) buffer.transfer(0);
  }
}
