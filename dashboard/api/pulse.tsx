import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { Pulse } from '../../src/api/routes/dashboard/schemas.ts';
import { HEALTH_PATH } from './health.ts';
import { ApiError, noAnswer, refusalOf } from './request.ts';
import { isDue } from './request-times.ts';

const PERIOD_MS = 2000;
/** The API answers within 10 s, if only with an error: a host that vanished never does. */
const ANSWER_MS = 12_000;
/** Changes by the clock alone (late, reset limits) are fetched after this interval. */
const STALE_MS = 30_000;

export interface PulseState {
  /** `away`: the last poll failed, or got another answer than expected */
  state: 'live' | 'paused' | 'away';
  /** the error in that answer, as a sentence; null if there was none */
  refusal: string | null;
  pulse: Pulse | null;
  setPaused: (paused: boolean) => void;
}

const PulseContext = createContext<PulseState>({
  state: 'live',
  refusal: null,
  pulse: null,
  setPaused: () => undefined,
});

export function usePulse(): PulseState {
  return useContext(PulseContext);
}

/**
 * A small poll with an ETag while the page is visible; when something changed, everything on screen is fetched
 * again, each part at a pace that its answers allow.
 */
export function PulseProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [paused, setPaused] = useState(false);
  /** why the last poll failed; null unless it did */
  const [away, setAway] = useState<ApiError | null>(null);
  const [pulse, setPulse] = useState<Pulse | null>(null);

  useEffect(
    () => (paused ? undefined : follow(client, { onPulse: setPulse, onAway: setAway })),
    [paused, client],
  );

  const value = useMemo<PulseState>(
    () => ({
      state: paused ? 'paused' : away === null ? 'live' : 'away',
      refusal: away === null || away.status === 0 ? null : away.message,
      pulse,
      setPaused,
    }),
    [paused, away, pulse],
  );
  return <PulseContext value={value}>{children}</PulseContext>;
}

interface Followed {
  onPulse: (pulse: Pulse) => void;
  /** why the last poll failed; null once one succeeds */
  onAway: (error: ApiError | null) => void;
}

/** Polls while the page is visible. @returns ends it */
function follow(client: QueryClient, { onPulse, onAway }: Followed): () => void {
  let timer: number | undefined;
  let etag: string | null = null;
  let changedAt = 0;
  let refreshedAt = Date.now();
  const stop = new AbortController();

  async function look(): Promise<void> {
    const headers: Record<string, string> = etag === null ? {} : { 'if-none-match': etag };
    const answer = await fetch('/api/dashboard/pulse/', {
      headers,
      cache: 'no-store',
      signal: AbortSignal.any([stop.signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    if (answer.status === 401) return void client.invalidateQueries();
    if (answer.status >= 400) throw await refusalOf(answer);
    onAway(null);
    const changed = answer.status === 200;
    if (changed) {
      const first = etag === null;
      etag = answer.headers.get('etag');
      onPulse((await answer.json()) as Pulse);
      if (first) return;
    }
    if (changed || Date.now() - refreshedAt > STALE_MS) {
      changedAt = Date.now();
      refreshedAt = changedAt;
    }
    // Parts that were not due at an earlier change.
    await client.invalidateQueries({
      predicate: ({ queryKey: [path] }) => typeof path === 'string' && isDue(path, changedAt),
    });
  }
  function beat(): void {
    if (document.visibilityState !== 'visible') return;
    look()
      .catch((error: unknown) => {
        if (stop.signal.aborted) return;
        onAway(error instanceof ApiError ? error : noAnswer());
        etag = '';
        // Health alone can still be told, and changes: without the database no poll would show that.
        if (error instanceof ApiError && isDue(HEALTH_PATH, Date.now()))
          void client.invalidateQueries({ queryKey: [HEALTH_PATH] });
      })
      .finally(() => {
        if (!stop.signal.aborted) timer = window.setTimeout(beat, PERIOD_MS);
      });
  }
  function onVisible(): void {
    window.clearTimeout(timer);
    beat();
  }
  beat();
  document.addEventListener('visibilitychange', onVisible);
  return () => {
    stop.abort();
    window.clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisible);
  };
}
