// In `npm run verify | head` the reader leaves first: what a command does, and its exit code, do not depend on that.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

/** On a terminal one line that changes; elsewhere a line every few seconds, when it has changed. */
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
