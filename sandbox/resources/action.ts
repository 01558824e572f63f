/** What a control action is: a sentence, an input schema, what it does, how its result is shown over HTTP. */
import type { z } from 'zod';
import type { Context } from '../world/context.ts';

interface Definition<Parts, Schema extends z.ZodType, Result> {
  /** One sentence for the listing. */
  about: string;
  /** An input that works in the sample world. */
  example: z.input<Schema>;
  input: Schema;
  /** Throws WorldError for what makes no sense. */
  run: (sandbox: Parts, input: z.output<Schema>) => Result;
  /** The JSON answer to a result that is not JSON already. */
  show?: (context: Context, result: Awaited<Result>) => unknown;
}

export interface Action<Parts, Schema extends z.ZodType, Result> extends Definition<Parts, Schema, Result> {
  /** Checks an input and performs the action. Throws ZodError for an input that does not fit. */
  perform: (sandbox: Parts, raw: unknown) => Result;
  /** Performs it and returns the JSON answer. */
  answer: (sandbox: Parts, raw: unknown) => Promise<unknown>;
}

/** How actions on these parts of a sandbox are declared; their types follow from the schema. */
export function actionsOn<Parts extends Context>() {
  return <Schema extends z.ZodType, Result>(
    definition: Definition<Parts, Schema, Result>,
  ): Action<Parts, Schema, Result> => {
    const perform = (sandbox: Parts, raw: unknown): Result =>
      definition.run(sandbox, definition.input.parse(raw));
    return {
      ...definition,
      perform,
      answer: async (sandbox, raw) => {
        const result = await perform(sandbox, raw);
        const { world, api } = sandbox;
        return definition.show ? definition.show({ world, api }, result) : (result ?? {});
      },
    };
  };
}

/** An action of a resource: something happens in the world. */
export const action = actionsOn<Context>();
