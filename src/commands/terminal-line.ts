// In `npm run verify | head` the reader exits first, and the disk of `> file` may be full: neither must affect what a
// command does, or its exit code.
let isSaid = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || isSaid) return;
  isSaid = true;
  process.stderr.write(`the output could not be written: ${error.message}\n`);
});

/** On a terminal one line that changes; elsewhere a line every few seconds, if it has changed. */
export function createLine(): (line: string) => void {
  const { stdout } = process;
  let last = { line: '', at: 0 };
  return (line) => {
    if (line === last.line) return;
    if (stdout.isTTY) stdout.write(`\r\u001b[2K${line}`);
    else if (Date.now() - last.at >= 5000) print(line);
    else return;
    last = { line, at: Date.now() };
  };
}

export function print(line: string): void {
  const { stdout } = process;
  stdout.write(`${stdout.isTTY ? '\r\u001b[2K' : ''}${line}\n`);
}
