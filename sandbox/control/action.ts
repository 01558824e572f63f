/** What a control action is: a sentence, an input schema, what it does, how its result is shown over HTTP. */
import type { z } from 'zod';
import type { Machine } from '../http/machine.ts';
import type { Context } from '../world/context.ts';

interface Definition<Schema extends z.ZodType, Result> {
  /** One sentence for the listing. */
  about: string;
  /** An input that works in the sample world. */
  example: z.input<Schema>;
  input: Schema;
  /** Throws WorldError for what makes no sense. */
  run: (machine: Machine, input: z.output<Schema>) => Result;
  /** The JSON answer to a result. */
  show: (context: Context, result: Awaited<Result>) => unknown;
}

export interface Action<Schema extends z.ZodType, Result> extends Definition<Schema, Result> {
  /** Checks an input and does it. Throws ZodError for an input that does not fit. */
  perform: (machine: Machine, raw: unknown) => Result;
  /** Does it, and gives the JSON answer. */
  answer: (machine: Machine, raw: unknown) => Promise<unknown>;
}

/** Declares an action; its types follow from the schema. */
export function action<Schema extends z.ZodType, Result>(
  definition: Definition<Schema, Result>,
): Action<Schema, Result> {
  const perform = (machine: Machine, raw: unknown): Result =>
    definition.run(machine, definition.input.parse(raw));
  return {
    ...definition,
    perform,
    answer: async (machine, raw) => {
      const result = await perform(machine, raw);
      return definition.show({ world: machine.world, api: machine.api }, result);
    },
  };
}
