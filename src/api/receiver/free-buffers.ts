/** Smaller buffers may share one of Node's pools with others, and do not matter. */
const LEAST_BYTES = 16 * 1024;

/**
 * Frees the memory of buffers at once; they must not be used any more. The garbage collector looks after such
 * memory only every 64 MB, so discarded bodies would accumulate beside those being received.
 */
export function freeBuffers(buffers: readonly Buffer[]): void {
  for (const { buffer, byteLength } of buffers) {
    const isAlone = buffer.byteLength === byteLength;
    if (isAlone && byteLength >= LEAST_BYTES && buffer instanceof ArrayBuffer) buffer.transfer(0);
  }
}

/**
 * The bytes of several buffers in one: a copy, except of a single one that `freeBuffers` leaves alone. Most deliveries
 * arrive as such a one, and the memory of a second one for each keeps the garbage collector busy.
 */
export function joinBuffers(buffers: readonly Buffer[]): Buffer {
  const [first] = buffers;
  const isEnough = buffers.length === 1 && first !== undefined && first.byteLength < LEAST_BYTES;
  return isEnough ? first : Buffer.concat(buffers);
}
