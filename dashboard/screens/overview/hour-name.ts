import type { Preferences } from '../../preferences/preferences.ts';

/** `14:00`, for a bar that stands for an hour. */
export function hourName(hour: string, zone: Preferences['zone']): string {
  const timeZone = zone === 'utc' ? { timeZone: 'UTC' } : {};
  return new Date(hour).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', ...timeZone });
}
