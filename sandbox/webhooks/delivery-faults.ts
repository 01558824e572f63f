/** Faults between GitHub and the webhook: deliveries lost, duplicated, late, out of order. */
import type { Random } from '../world/random.ts';

export interface DeliveryFaultRule {
  id: number;
  /**
   * `drop`: the receiver never gets it, the log has it as timed out; `lose`: not even the log has it; `duplicate`: sent twice
   * under one GUID; `delay`: sent late; `hold`: kept until released.
   */
  kind: 'drop' | 'lose' | 'duplicate' | 'delay' | 'hold';
  /** Event names, or `event.action`; all unless given. */
  events?: string[];
  installationId?: number;
  times?: number;
  probability?: number;
  /** For `delay`. */
  ms?: number;
}

export interface DeliveryFaults {
  add(rule: Omit<DeliveryFaultRule, 'id'>): DeliveryFaultRule;
  remove(id: number): void;
  list(): DeliveryFaultRule[];
  clear(): void;
  /** The rule for a delivery, which it counts as one use; null if there is none. */
  strike(event: string, action: string | null, installationId: number | null): DeliveryFaultRule | null;
}

/** No faults yet. */
export function createDeliveryFaults(random: Random): DeliveryFaults {
  let rules: DeliveryFaultRule[] = [];
  let next = 1;
  return {
    add: (rule) => {
      const added = { ...rule, id: next++ };
      rules.push(added);
      return added;
    },
    remove: (id) => {
      rules = rules.filter((rule) => rule.id !== id);
    },
    list: () => rules,
    clear: () => {
      rules = [];
    },
    strike: (event, action, installationId) => {
      const rule = rules.find((one) => applies(one, event, action, installationId, random));
      if (rule?.times !== undefined) rule.times -= 1;
      rules = rules.filter((one) => one.times === undefined || one.times > 0);
      return rule ?? null;
    },
  };
}

function applies(
  rule: DeliveryFaultRule,
  event: string,
  action: string | null,
  installationId: number | null,
  random: Random,
): boolean {
  if (rule.installationId !== undefined && rule.installationId !== installationId) return false;
  if (rule.events && !rule.events.includes(event) && !rule.events.includes(`${event}.${action}`))
    return false;
  return rule.probability === undefined || random.chance(rule.probability);
}
