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
