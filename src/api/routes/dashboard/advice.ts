import { errorTable, isErrorCode } from '../../../errors.ts';

/** What a person should do about an error, by its code; null where there is no code that the table knows. */
export function adviceFor(code: string | null): string | null {
  return isErrorCode(code) ? errorTable[code].advice : null;
}
