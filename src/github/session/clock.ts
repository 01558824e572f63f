/**
 * How many milliseconds this machine's clock is ahead of GitHub's; null if the answer has no date. GitHub sends
 * whole seconds, so a difference of one second means nothing.
 *
 * @throws Error if nothing answers at `apiUrl`
 */
export async function clockAhead(apiUrl: string, timeoutMs: number): Promise<number | null> {
  const began = Date.now();
  // Without credentials: any answer has a date, even a refusal.
  const response = await fetch(`${apiUrl}/app`, {
    headers: { 'user-agent': 'github-auto-sync' },
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  await response.arrayBuffer();
  const date = Date.parse(response.headers.get('date') ?? '');
  return Number.isNaN(date) ? null : (began + Date.now()) / 2 - date;
}
