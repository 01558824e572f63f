// In `npm run verify | head` the reader exits first; that must not affect what a command does, or its exit code.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
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
