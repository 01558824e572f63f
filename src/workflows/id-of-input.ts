import { failureOf } from './failures.ts';

/**
 * The id in a workflow's input. A workflow started by hand can get any input, and any other error in workflow
 * code fails only the task: Temporal would retry it for ever and keep the workflow id occupied.
 *
 * @throws ApplicationFailure BAD_REQUEST if it is not a positive integer
 */
export function idOfInput<Name extends string>(input: Readonly<Record<Name, number>>, name: Name): number {
  const given: unknown = input;
  if (typeof given === 'object' && given !== null && name in given) {
    const id = input[name];
    if (Number.isSafeInteger(id) && id > 0) return id;
  }
  throw failureOf({
    code: 'BAD_REQUEST',
    message: `the input must be { "${name}": … } with GitHub's id, a number`,
  });
}
