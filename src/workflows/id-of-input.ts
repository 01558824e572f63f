import { failureOf } from './failures.ts';

/**
 * The id in a workflow's input. By hand anything can be given, and any other error of a workflow's own is no failure:
 * Temporal tries its task again for ever, and its id is taken meanwhile.
 *
 * @throws ApplicationFailure BAD_REQUEST when it is not a whole number above 0
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
