import { Migration } from '@mikro-orm/migrations';

/**
 * `GET /api/deliveries/` among millions, newest first: an index for each filter. The newest of all are found by
 * `webhook_deliveries_received`. Most are `processed`, so that only the others need one by status.
 */
export class V10008DeliveryFilters extends Migration {
  override up(): void {
    this.addSql(`
      create index webhook_deliveries_of_repository on webhook_deliveries (repository_id, received_at, guid);
      create index webhook_deliveries_of_installation on webhook_deliveries (installation_id, received_at, guid);
      create index webhook_deliveries_event on webhook_deliveries (event, received_at, guid);
      create index webhook_deliveries_status on webhook_deliveries (status, received_at, guid)
        where status <> 'processed';
      create index webhook_deliveries_recovered on webhook_deliveries (received_at, guid) where recovered;
    `);
  }
}
