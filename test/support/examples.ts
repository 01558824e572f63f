import { createRequire } from 'node:module';
import { z } from 'zod';

const require = createRequire(import.meta.url);
const published = z.array(
  z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }),
);

export interface Example {
  /** the event's */
  name: string;
  payload: Record<string, unknown>;
}

function read(path: string): Example[] {
  return published
    .parse(require(path))
    .flatMap(({ name, examples }) => examples.map((payload) => ({ name, payload })));
}

/** Every payload that github.com publishes as an example of an event. */
export const examples: readonly Example[] = read('@octokit/webhooks-examples');

/** @returns those of an Enterprise Server */
export function serverExamples(): Example[] {
  return read('@octokit/webhooks-examples/ghes-35/index.json');
}
