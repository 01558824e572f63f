import type { Mirror } from '../support/mirror.ts';

/** Nobody tells of what `happen` does. */
export async function unnoticed(control: Mirror['control'], happen: () => unknown): Promise<void> {
  const { id } = control.addDeliveryFault({ kind: 'lose' });
  happen();
  await control.deliveriesDone({});
  control.removeDeliveryFault({ id });
}
