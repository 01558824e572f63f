import type { Stack, StackOptions } from './stack.ts';

/** One number of one run. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** The floor: what a small program needs for the same, in the same unit, just before and just after. */
  floor?: number[];
  /** What is to be reached, in words. */
  target?: string;
}

/** What every benchmark gets. */
export interface Bench {
  /** `small` shows within seconds that a benchmark works; its figures mean nothing. */
  size: 'full' | 'small';
  /** A new database, a new Temporal server, a new GitHub, the roles as processes of their own. */
  openStack: (options?: StackOptions) => Promise<Stack>;
  print: (line: string) => void;
}

export interface Benchmark {
  name: string;
  about: string;
  /** Published or measured figures of other programs for the same. */
  elsewhere?: string;
  run: (bench: Bench) => Promise<Figure[]>;
}
