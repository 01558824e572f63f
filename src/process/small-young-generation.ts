import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's young generation as small as it is now: what `--min-semi-space-size` says, else 2 MB at a process's start; 64
 * MB once a program of this size was loaded or a large delivery was read, and never given back. `--max-semi-space-size` is
 * read before any code runs; this flag each time the young generation would grow. To be called before anything else is
 * imported.
 *
 * The API is started with semi-spaces of 8 MB. Deliveries are in flight for some 20 ms: where they outlive two
 * collections they are kept until all of the heap is collected. Measured with deliveries of 11 kB, 32 at a time, with
 * `growHeapSlowly`: 228-235 MiB at the peak and 0.35 ms of processor time each, against 291-307 MiB and 0.34-0.43 ms with
 * what V8 begins with, and 223-281 MiB and 0.42-0.52 ms with `growHeapSlowly` alone.
 *
 * The worker's grow up to 8 MB: a page of a list is some 5 MB of objects while it is read, which smaller ones keep until all of
 * the heap is collected. Measured in imports of 60,000 and 200,000 rows (`npm run bench -- memory`): 318, 325 and 317 MiB at the
 * peak and 5.2, 4.9 and 14.5 s of processor time, against 304, 320 and 302 MiB and 5.6, 5.3 and 18.5 s with 4 MB; 16 MB take
 * 331 MiB and no less time.
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
