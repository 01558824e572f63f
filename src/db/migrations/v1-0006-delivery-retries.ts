import { Migration } from '@mikro-orm/migrations';

/** Deliveries that cannot be applied are tried again at a pace of their own, and end after an hour. */
export class V10006DeliveryRetries extends Migration {
  override up(): void {
    this.addSql(`
      alter table webhook_deliveries
        -- tries that failed by the delivery's own fault, since it was received or asked for again
        add column failures int not null default 0,
        -- not before; null: at once
        add column retry_at timestamptz,
        add column tried_at timestamptz,
        -- when a person asked to have it applied again
        add column requeued_at timestamptz;
    `);
  }
}
