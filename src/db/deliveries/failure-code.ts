import { sql, type RawBuilder } from 'kysely';
import { errorTable, type ErrorCode } from '../../errors.ts';

/**
 * The code at the beginning of a delivery's error, as stored in `webhook_deliveries.error`; UNKNOWN if it is
 * not in the error table.
 */
export const failureCode: RawBuilder<ErrorCode> = sql<ErrorCode>`
  case when split_part(error, ':', 1) = any(${Object.keys(errorTable)}::text[])
    then split_part(error, ':', 1) else 'UNKNOWN' end`;
