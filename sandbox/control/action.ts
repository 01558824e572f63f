/** What a control action is: a sentence, an input schema, what it does, how its result is shown over HTTP. */
import type { z } from 'zod';
import type { SandboxParts } from '../http/sandbox-parts.ts';
import type { Context } from '../world/context.ts';

interface Definition<Schema extends z.ZodType, Result> {
  /** One sentence for the listing. */
  about: string;
  /** An input that works in the sample world. */
  example: z.input<Schema>;
  input: Schema;
  /** Throws WorldError for what makes no sense. */
  run: (sandbox: SandboxParts, input: z.output<Schema>) => Result;
  /** The JSON answer to a result. */
  show: (context: Context, result: Awaited<Result>) => unknown;
}

export interface Action<Schema extends z.ZodType, Result> extends Definition<Schema, Result> {
  /** Checks an input and does it. Throws ZodError for an input that does not fit. */
  perform: (sandbox: SandboxParts, raw: unknown) => Result;
  /** Does it, and gives the JSON answer. */
  answer: (sandbox: SandboxParts, raw: unknown) => Promise<unknown>;
}

/** Declares an action; its types follow from the schema. */
export function action<Schema extends z.ZodType, Result>(
  definition: Definition<Schema, Result>,
): Action<Schema, Result> {
  const perform = (sandbox: SandboxParts, raw: unknown): Result =>
    definition.run(sandbox, definition.input.parse(raw));
  return {
    ...definition,
    perform,
    answer: async (sandbox, raw) => {
      const result = await perform(sandbox, raw);
      return definition.show({ world: sandbox.world, api: sandbox.api }, result);
    },
  };
}
