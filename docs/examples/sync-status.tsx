import { useEffect, useState } from 'react';
import { readHealth, type SyncApi, type SyncHealth } from './sync-api.ts';

const EVERY_MS = 15_000;

const words = {
  healthy: 'In sync with GitHub',
  degraded: 'In sync, with something to look at',
  unhealthy: 'Behind GitHub',
} as const;

/** One line about the mirror, renewed every 15 seconds. */
export function SyncStatus({ url, token }: SyncApi) {
  const [health, setHealth] = useState<SyncHealth | null>(null);
  const [fault, setFault] = useState<string | null>(null);

  useEffect(() => {
    const leaving = new AbortController();
    async function look(): Promise<void> {
      try {
        setHealth(await readHealth({ url, token }, leaving.signal));
        setFault(null);
      } catch (error) {
        if (!leaving.signal.aborted) setFault(error instanceof Error ? error.message : String(error));
      }
    }
    void look();
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => {
      clearInterval(timer);
      leaving.abort();
    };
  }, [url, token]);

  if (fault !== null) return <p role="alert">The mirror cannot be asked: {fault}</p>;
  if (health === null) return <p role="status">Asking the mirror…</p>;
  const { total_repositories: repositories, sync_coverage: coverage } = health.system;
  return (
    <p role="status">
      {words[health.status]}
      {repositories !== null && `: ${repositories} repositories, ${coverage} % compared lately`}
    </p>
  );
}
