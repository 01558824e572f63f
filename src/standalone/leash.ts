// Runs one program for as long as standard input stays open. The system closes that pipe when the process
// at its other end dies, whatever it died of, so no server outlives the command that started it.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** What `startChild` passes on the command line, as JSON. */
export interface LeashOrder {
  program: string;
  args: string[];
  /** How the program is asked to end. */
  endSignal: NodeJS.Signals;
  /** After so long it is killed. */
  graceMs: number;
  uid?: number;
  gid?: number;
}

const order = JSON.parse(process.argv[2] ?? '') as LeashOrder;
const identity = order.uid === undefined ? {} : { uid: order.uid, gid: order.gid ?? order.uid };
const child = spawn(order.program, order.args, { stdio: ['ignore', 'inherit', 'inherit'], ...identity });

let ending = false;
function end(): void {
  if (ending) return;
  ending = true;
  child.kill(order.endSignal);
  setTimeout(() => child.kill('SIGKILL'), order.graceMs).unref();
}

// Only the pipe ends the program: the terminal's Ctrl-C reaches whole process groups and would end all at once.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
process.stdin.on('end', end).on('error', end).resume();
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
