import { errorTable, isErrorCode } from '../../../errors.ts';

/** What a person should do about an error, by its code; null if it has no known code. */
export function adviceFor(code: string | null): string | null {
  return isErrorCode(code) ? errorTable[code].advice : null;
}
