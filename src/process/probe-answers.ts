import { version } from './version.ts';

/** The answer of `/livez` in every role: that it answers at all shows that the event loop runs. */
export function livenessAnswer() {
  return { status: 'alive' as const, version };
}

/** The answer of `/readyz` in every role, with 200 if it is ready and 503 otherwise. */
export function readinessAnswer<D extends Record<string, string>>(
  ready: boolean,
  dependencies: D,
): { status: 'ready' | 'not ready'; dependencies: D } {
  return { status: ready ? 'ready' : 'not ready', dependencies };
}
