import { sql } from 'kysely';

/** Deliveries to process now; one that could not be applied waits for its next attempt (`holdDeliveries`). */
export const isDue = sql`status = 'pending' and (retry_at is null or retry_at <= now())`;
