import { Migration } from '@mikro-orm/migrations';

/** When a delivery was last worked on, which `health` asks for at every call: the end of an index, not a day's rows. */
export class V10013WorkedDeliveries extends Migration {
  override up(): void {
    this.addSql(`
      create index webhook_deliveries_worked on webhook_deliveries (greatest(processed_at, tried_at))
        where attempts > 0 or status = 'processed';
    `);
  }
}
