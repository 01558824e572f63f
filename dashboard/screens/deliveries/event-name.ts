/** `issues.opened`, `push`. */
export function eventName({ event, action }: { event: string; action: string | null }): string {
  return action === null ? event : `${event}.${action}`;
}
