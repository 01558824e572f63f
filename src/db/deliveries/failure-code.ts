import { sql, type RawBuilder } from 'kysely';
import { errorTable, type ErrorCode } from '../../errors.ts';

/**
 * The code that the error of a delivery begins with, as `webhook_deliveries.error` has it; UNKNOWN for what is not in the
 * error table.
 */
export const failureCode: RawBuilder<ErrorCode> = sql<ErrorCode>`
  case when split_part(error, ':', 1) = any(${Object.keys(errorTable)}::text[])
    then split_part(error, ':', 1) else 'UNKNOWN' end`;
