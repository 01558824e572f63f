import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';
import type { FastifyInstance } from 'fastify';
import type { GaugeValues } from '../db/health/gauges.ts';
import { workedEvents } from '../deliveries/events.ts';

type WebhookOutcome = 'accepted' | 'ignored' | 'duplicate' | 'ping' | 'rejected';

export interface Metrics {
  registry: Registry;
  countWebhook: (event: string, outcome: WebhookOutcome) => void;
  countWake: (outcome: 'sent' | 'merged' | 'failed') => void;
}

/** This process's metrics. Labels have fixed sets of values, so a sender cannot add one. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const events = new Set([...workedEvents, 'ping']);
  const webhooks = new Counter({
    name: 'sync_webhooks_received_total',
    help: 'Deliveries received, by event and what became of them',
    labelNames: ['event', 'outcome'],
    registers,
  });
  const wakes = new Counter({
    name: 'sync_wakes_total',
    help: 'Wakes of workflows: sent to Temporal, merged into a later one, or failed (the poller repeats those)',
    labelNames: ['outcome'],
    registers,
  });
  return {
    registry,
    countWebhook: (event, outcome) => webhooks.inc({ event: events.has(event) ? event : 'other', outcome }),
    countWake: (outcome) => wakes.inc({ outcome }),
  };
}

/** Measures every answer, by route pattern. */
export function measureRequests(app: FastifyInstance, registry: Registry): void {
  const durations = new Histogram({
    name: 'sync_http_request_duration_seconds',
    help: 'Time to answer, by method, route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });
}

/** Gauges with what the database says at this scrape; series that no longer exist are dropped. */
export async function renderGauges(readings: readonly GaugeValues[]): Promise<string> {
  const registry = new Registry();
  for (const { name, help, values } of readings) {
    const labelNames = [...new Set(values.flatMap(({ labels }) => Object.keys(labels)))];
    const gauge = new Gauge<string>({ name, help, labelNames, registers: [registry] });
    for (const { labels, value } of values) gauge.set(labels, value);
  }
  return registry.metrics();
}
