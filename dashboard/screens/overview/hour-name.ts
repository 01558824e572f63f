/** `14:00`, for a bar that stands for an hour. */
export function hourName(hour: string): string {
  return new Date(hour).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}
