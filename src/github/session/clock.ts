/**
 * By how many milliseconds this machine's clock is ahead of GitHub's; null where the answer has no date. GitHub tells
 * whole seconds, so a second of it means nothing.
 *
 * @throws Error when nothing answers at `apiUrl`
 */
export async function clockAhead(apiUrl: string, timeoutMs: number): Promise<number | null> {
  const began = Date.now();
  // Without credentials: any answer has a date, a refusal too.
  const response = await fetch(`${apiUrl}/app`, {
    headers: { 'user-agent': 'github-auto-sync' },
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  await response.arrayBuffer();
  const date = Date.parse(response.headers.get('date') ?? '');
  return Number.isNaN(date) ? null : (began + Date.now()) / 2 - date;
}
