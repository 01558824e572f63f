/** The parts a running sandbox is made of, as the request pipeline and the control API need them. */
import type { Faults } from '../faults/faults.ts';
import type { Replica } from '../faults/replica.ts';
import type { Triggers } from '../faults/triggers.ts';
import type { Hooks } from '../webhooks/hooks.ts';
import type { Life } from '../life/life.ts';
import type { World } from '../world/world.ts';
import type { Graphql } from '../graphql/index.ts';
import type { Journal } from './journal.ts';
import type { Limits } from './limits.ts';
import type { SecondaryLimits } from './secondary-limits.ts';

export interface SandboxParts {
  world: World;
  /** The API's base as addresses in answers have it, known once it listens. */
  api: string;
  /** The base that is really asked. */
  ownApi: string;
  /** Where it listens, without a path: the control API is there. */
  address: string;
  limits: Limits;
  secondary: SecondaryLimits;
  faults: Faults;
  replica: Replica;
  triggers: Triggers;
  /** Does a control action by its name. Throws WorldError or ZodError. */
  perform: (action: string, input: unknown) => unknown;
  journal: Journal;
  hooks: Hooks;
  graphql: Graphql;
  life: Life;
}
