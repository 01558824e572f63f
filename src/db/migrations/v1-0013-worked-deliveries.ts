import { Migration } from '@mikro-orm/migrations';
import { createConcurrently } from './index-concurrently.ts';

/** When a delivery was last worked on, which `health` asks for at every call: the end of an index, not a day's rows. */
export class V10013WorkedDeliveries extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    const worked = `on webhook_deliveries (greatest(processed_at, tried_at))
      where attempts > 0 or status = 'processed'`;
    for (const statement of createConcurrently('webhook_deliveries_worked', worked)) this.addSql(statement);
  }
}
