import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's young generation as small as it is now: 2 MB at a process's start, 64 MB once a program of this size was
 * loaded or a large delivery was read, and never given back. `--max-semi-space-size` is read before any code runs; this
 * flag each time the young generation would grow. To be called before anything else is imported.
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
