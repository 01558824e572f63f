// Runs one program for as long as standard input stays open (a byte before its end: stopped on purpose). The
// system closes that pipe when the process at its other end dies, for any reason, so no server outlives the
// command that started it.
//
// Arguments: the signal that asks the program to end, milliseconds after which it is killed, user id (empty:
// the current user), group id, program, its arguments.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const [endSignal, graceMs, uid, gid, program = '', ...args] = process.argv.slice(2);
const identity = uid ? { uid: Number(uid), gid: Number(gid) } : {};
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], ...identity });

// Servers that lose their parent lose each other too: none has anything left to wait for.
const ORPHAN_GRACE_MS = 3_000;
let told = false;
let ending = false;
function end(): void {
  if (ending) return;
  ending = true;
  child.kill(endSignal === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
  const patience = told ? Number(graceMs) : Math.min(Number(graceMs), ORPHAN_GRACE_MS);
  setTimeout(() => child.kill('SIGKILL'), patience).unref();
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
process.stdin
  .on('data', () => (told = true))
  .on('end', end)
  .on('error', end);
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
