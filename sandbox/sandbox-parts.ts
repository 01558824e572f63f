/** The parts a running sandbox is made of. */
import type { Graphql } from './graphql/index.ts';
import type { ServerParts } from './http/server-parts.ts';
import type { Life } from './life/life.ts';
import type { Hooks } from './webhooks/hooks.ts';

export interface SandboxParts extends ServerParts {
  /** The base that is really asked. */
  ownApi: string;
  /** Where it listens, without a path: the control API is there. */
  address: string;
  hooks: Hooks;
  graphql: Graphql;
  life: Life;
}
