/** The control API's actions as typed functions. */
import type { z } from 'zod';
import type { SandboxParts } from '../sandbox-parts.ts';
import type { JournalEntry, JournalStats } from '../http/journal.ts';
import { appActions } from './app-actions.ts';
import { deliveryActions } from './delivery-actions.ts';
import { faultActions } from './fault-actions.ts';
import { sandboxActions } from './sandbox-actions.ts';
import { resources } from '../resources/index.ts';
import { triggerActions } from './trigger-actions.ts';
import { WorldError } from '../world/errors.ts';

/** What belongs to the sandbox itself, not to a resource. */
const ownActions = {
  ...appActions,
  ...faultActions,
  ...deliveryActions,
  ...triggerActions,
  ...sandboxActions,
};

type Resources = (typeof resources)[number];
type AllOf<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;
type Actions = AllOf<Resources['actions']> & typeof ownActions;

export const actions: Actions = Object.assign(
  Object.create(Object.prototype),
  ...resources.map((resource) => resource.actions),
  ownActions,
);

/** Each action as a function of its input; throws WorldError or ZodError where the HTTP API answers 4xx. */
export type Control = {
  [Name in keyof Actions]: (input: z.input<Actions[Name]['input']>) => ReturnType<Actions[Name]['run']>;
} & {
  stats(): JournalStats;
  requests(limit?: number): JournalEntry[];
};

/** Performs an action by its name. Throws WorldError for an unknown one, and whatever the action throws. */
export function performAction(sandbox: SandboxParts, name: string, input: unknown): unknown {
  const found = Object.entries(actions).find(([key]) => key === name);
  if (!found) throw new WorldError(`no action ${name}`, 404);
  return found[1].perform(sandbox, input);
}

/** The actions bound to a running sandbox. */
export function createControl(sandbox: SandboxParts): Control {
  const bound = Object.entries(actions).map(([name, one]) => [
    name,
    (input: unknown): unknown => one.perform(sandbox, input),
  ]);
  return Object.assign(Object.create(Object.prototype), Object.fromEntries(bound), {
    stats: () => sandbox.journal.stats(),
    requests: (limit = 100) => sandbox.journal.latest(limit),
  });
}
