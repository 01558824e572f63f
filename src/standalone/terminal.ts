import { styleText } from 'node:util';
import type { Print, Progress } from './print.ts';

/** Where to write: `process.stdout`, or what a test reads. */
export interface Output {
  isTTY?: boolean;
  columns?: number;
  write: (text: string) => unknown;
}

export interface Terminal {
  /** A line with its time; what is in progress stays below it. */
  print: Print;
  /** Lines without a time, such as a table. */
  write: (lines: readonly string[]) => void;
  /** Assigns what is printed from now on to the next of this many steps. */
  step: (total: number) => void;
  /** Nothing is in progress any more. */
  rest: () => void;
}

const TICK_MS = 250;
const BAR_WIDTH = 16;
const CLEAR = '\r\u001b[2K';
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧'];

/**
 * On a terminal what is in progress is one line that is updated in place; elsewhere everything is a plain log
 * line.
 */
export function createTerminal(output: Output): Terminal {
  const isLive = output.isTTY === true;
  let shown: Progress | undefined;
  let since = 0;
  let ticks = 0;
  let steps = { at: 0, total: 0 };
  let next = steps;
  let timer: NodeJS.Timeout | undefined;

  function draw(): void {
    if (shown !== undefined) output.write(CLEAR + cut(lineOf(shown), (output.columns || 80) - 1));
  }
  // `⠹ [2/5] Temporal: starting (a few seconds), 3 s`, or with a progress bar if the total is known.
  function lineOf({ what, share }: Progress): string {
    if (share !== undefined) return `${bar(share)} ${what}`;
    const seconds = Math.floor((Date.now() - since) / 1000);
    const step = steps.total > 0 ? `[${steps.at}/${steps.total}] ` : '';
    return `${SPINNER[ticks % SPINNER.length]} ${step}${what}${seconds > 0 ? `, ${seconds} s` : ''}`;
  }
  function show(progress: Progress): void {
    if (shown?.what !== progress.what) since = Date.now();
    shown = progress;
    steps = next;
    timer ??= setInterval(() => {
      ticks += 1;
      draw();
    }, TICK_MS).unref();
    draw();
  }
  function rest(): void {
    clearInterval(timer);
    timer = undefined;
    if (shown !== undefined) output.write(CLEAR);
    shown = undefined;
    next = { at: 0, total: 0 };
  }
  function step(total: number): void {
    next = { at: next.at + 1, total };
  }
  function write(lines: readonly string[]): void {
    output.write((shown === undefined ? '' : CLEAR) + lines.map((line) => `${line}\n`).join(''));
    draw();
  }
  function print(line: string, progress?: Progress): void {
    if (isLive && progress !== undefined) return show(progress);
    const time = styleText('gray', new Date().toTimeString().slice(0, 8));
    write(line.split('\n').map((part) => `${time} ${part}`));
  }
  return { print, write, step, rest };
}

function bar({ done, total }: { done: number; total: number }): string {
  const full = total === 0 ? 0 : Math.round(Math.min(1, done / total) * BAR_WIDTH);
  return '━'.repeat(full) + '─'.repeat(BAR_WIDTH - full);
}

/** A line that wrapped could not be erased again. */
function cut(line: string, width: number): string {
  return line.length > width ? `${line.slice(0, Math.max(0, width - 1))}…` : line;
}
