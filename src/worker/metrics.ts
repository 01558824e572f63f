import { collectDefaultMetrics, Counter, Gauge, Registry } from '@prometheus-io/client';
import type { GitHub } from '../github/client.ts';

const TOKEN_LIFE_SECONDS = 3600;

/** A worker's metrics. They never name a repository or an account. */
export function createWorkerMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const answers = new Counter({
    name: 'github_answers_total',
    help: 'Requests to GitHub by whether GitHub answered',
    labelNames: ['reachable'],
    registers,
  });
  const reaped = new Counter({
    name: 'sync_jobs_reaped_total',
    help: 'Jobs ended here because their workflow ended without telling',
    registers,
  });
  const tokens = new Gauge({
    name: 'github_tokens_cached',
    help: 'Installation tokens in the cache',
    registers,
  });
  const expiry = new Gauge({
    name: 'github_token_next_expiry_seconds',
    help: 'Until the oldest cached token expires; it is renewed ten minutes before',
    registers,
  });

  async function render(github: Pick<GitHub, 'tokensMintedAt'>): Promise<string> {
    const minted = github.tokensMintedAt().filter((at) => Date.now() - at < TOKEN_LIFE_SECONDS * 1000);
    tokens.set(minted.length);
    const oldest = Math.min(...minted);
    expiry.set(minted.length === 0 ? 0 : TOKEN_LIFE_SECONDS - (Date.now() - oldest) / 1000);
    return registry.metrics();
  }

  return {
    render,
    countAnswer: (reachable: boolean) => answers.inc({ reachable: String(reachable) }),
    countReaped: (jobs: number) => reaped.inc(jobs),
  };
}
