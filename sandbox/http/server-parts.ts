/** The parts of a running sandbox that the request pipeline needs. */
import type { Faults } from '../faults/faults.ts';
import type { Replica } from '../faults/replica.ts';
import type { Triggers } from '../faults/triggers.ts';
import type { World } from '../world/world.ts';
import type { GraphqlRequest } from './graphql-request.ts';
import type { Journal } from './journal.ts';
import type { Limits } from './limits.ts';
import type { SecondaryLimits } from './secondary-limits.ts';

export interface ServerParts {
  world: World;
  /** The API's base as addresses in answers have it, known once it listens. */
  api: string;
  limits: Limits;
  secondary: SecondaryLimits;
  faults: Faults;
  replica: Replica;
  triggers: Triggers;
  /** Performs a control action by its name. Throws WorldError or ZodError. */
  perform: (action: string, input: unknown) => unknown;
  journal: Journal;
  graphql: {
    /** How heavy a request is, before it is run; null for one that would be refused. For faults that depend on it. */
    measure: (request: GraphqlRequest) => Promise<{ largestPage: number; counts: number } | null>;
  };
}
