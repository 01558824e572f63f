import type { Permission } from './permission.ts';

/** What webhook events say about a kind, and how to recognise their bodies (`deliveries/events.ts`). */
export interface EventRule {
  /** the field of the payload that contains the object */
  subject: string;
  /** the field that contains its parent, if every body has one: an issue beside its comment */
  parent?: string;
  /** fields of other events' subjects that a body may also have */
  may?: readonly string[];
  /**
   * if they are not the kind's own: any one of these lets an App subscribe to it (in GitHub's OpenAPI, "To subscribe
   * to this event")
   */
  permissions?: readonly Permission[];
  /** actions after which GitHub no longer has the object, each with the reason to mark it with */
  deletes?: readonly DeletedReason[];
}

export type DeletedReason = 'deleted' | 'transferred';

/** Why GitHub no longer has an event's object; null if it still does. */
export function deletedReason(rule: EventRule | undefined, action: string | null): DeletedReason | null {
  return rule?.deletes?.find((reason) => reason === action) ?? null;
}
