import { version } from './version.ts';

/** What `/livez` of every role answers: that it does, says that the event loop turns. */
export function livenessAnswer() {
  return { status: 'alive' as const, version };
}

/** What `/readyz` of every role answers, with 200 when it is ready and 503 else. */
export function readinessAnswer<D extends Record<string, string>>(
  ready: boolean,
  dependencies: D,
): { status: 'ready' | 'not ready'; dependencies: D } {
  return { status: ready ? 'ready' : 'not ready', dependencies };
}
