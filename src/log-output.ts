import { writeSync } from 'node:fs';

/** Of lines that cannot be written now, so many characters are kept: some 5,000 lines. */
const MOST_KEPT = 1024 * 1024;
const AGAIN_MS = 100;
/** How long a process that ends waits for whoever reads its log. */
const LAST_WAIT_MS = 200;
const PAUSE_MS = 10;

/** Where the lines of a log go. */
export interface LogOutput {
  /** Writes a line, now or later. Never throws, and waits for nobody where the descriptor does not block. */
  write: (line: string) => void;
  /** Writes what is left, if that can be done within a moment: for the exit of the process. */
  end: () => void;
}

/**
 * Writes lines to a file descriptor, each at once. A log must not stop the process that it tells about: while the disk
 * is full, or a pipe is that nobody reads, a limited number of lines is kept and written later; then a line tells how
 * many were lost. pino's own destination (10.4) ends the process at the first error but EPIPE, keeps lines without
 * limit, and waits for ever at the exit.
 *
 * @param report the line that tells how many lines were lost, and the code of the error that caused it
 */
export function createLogOutput(fd: number, report: (lost: number, code: string) => string): LogOutput {
  /** The rest of what was partly written, and what comes after it. */
  let begun = Buffer.alloc(0);
  let kept = '';
  let lost = 0;
  let code = '';
  let timer: NodeJS.Timeout | undefined;

  /** True if nothing is left to write. */
  function flush(): boolean {
    try {
      while (begun.length > 0 || kept !== '' || lost > 0) {
        if (begun.length === 0) begun = next();
        begun = begun.subarray(writeSync(fd, begun));
      }
      return true;
    } catch (error) {
      code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      return false;
    }
  }

  function next(): Buffer<ArrayBuffer> {
    const text = lost === 0 ? kept : kept + report(lost, code);
    kept = '';
    lost = 0;
    return Buffer.from(text);
  }

  function flushLater(): void {
    timer = setTimeout(() => {
      timer = undefined;
      if (!flush()) flushLater();
    }, AGAIN_MS).unref();
  }

  return {
    write(line) {
      // After a gap, nothing before the line that reports it.
      if (lost > 0 || begun.length + kept.length + line.length > MOST_KEPT) lost += 1;
      else kept += line;
      if (timer === undefined && !flush()) flushLater();
    },
    end() {
      clearTimeout(timer);
      // Only a reader can still make room: what else is wrong will not change in a moment.
      for (let waited = 0; !flush() && code === 'EAGAIN' && waited < LAST_WAIT_MS; waited += PAUSE_MS)
        pause(PAUSE_MS);
    },
  };
}

/** An exiting process has no timers. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, ms);
}
