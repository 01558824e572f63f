import { usePreferences } from '../preferences/preferences.ts';
import { useNow } from '../preferences/use-now.ts';

/** `2 min ago`, with the absolute time (UTC and local) on hover. */
export function Time({ value }: { value: string | null }) {
  const now = useNow();
  const [{ zone }] = usePreferences();
  if (value === null) return <span className="text-muted">never</span>;
  return (
    <time
      dateTime={value}
      title={`${absolute(value, zone)}\n${absolute(value, zone === 'utc' ? 'local' : 'utc')}`}
      className="whitespace-nowrap"
    >
      {relative(Date.parse(value), now, zone)}
    </time>
  );
}

/** How long something has lasted: `3 h`, `181 d`; its start on hover. */
export function Age({ since }: { since: string }) {
  const now = useNow();
  const [{ zone }] = usePreferences();
  const distance = Math.max(0, now - Date.parse(since));
  return (
    <time dateTime={since} title={`since ${absolute(since, zone)}`} className="whitespace-nowrap">
      {amountOf(distance) ?? '0 s'}
    </time>
  );
}

const HALF_A_DAY = 12 * 3_600_000;

/** `14:32`, or with the day if that is half a day or more away. */
export function ClockTime({ value }: { value: string }) {
  const [{ zone }] = usePreferences();
  const date = new Date(value);
  const clock = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', ...timeZone(zone) });
  const isNear = Math.abs(date.getTime() - Date.now()) < HALF_A_DAY;
  const text = isNear ? clock : `${date.toLocaleDateString('en-CA', timeZone(zone))} ${clock}`;
  return (
    <time dateTime={value} title={absolute(value, zone)}>
      {zone === 'utc' ? `${text} UTC` : text}
    </time>
  );
}

function absolute(value: string, zone: 'local' | 'utc'): string {
  const text = new Date(value).toLocaleString('en-CA', { hour12: false, ...timeZone(zone) });
  return `${text} ${zone === 'utc' ? 'UTC' : 'local'}`;
}

function timeZone(zone: 'local' | 'utc'): { timeZone?: string } {
  return zone === 'utc' ? { timeZone: 'UTC' } : {};
}

const units = [
  { ms: 86_400_000, name: 'd' },
  { ms: 3_600_000, name: 'h' },
  { ms: 60_000, name: 'min' },
  { ms: 1000, name: 's' },
];

function relative(at: number, now: number, zone: 'local' | 'utc'): string {
  const distance = Math.abs(now - at);
  // The page's clock advances every five seconds: a moment ago may be in its future.
  if (distance < 10_000) return 'just now';
  if (distance > 60 * 86_400_000) return day(new Date(at), new Date(now), zone);
  const amount = amountOf(distance);
  if (amount === null) return 'just now';
  return at > now ? `in ${amount}` : `${amount} ago`;
}

/** `Sep 25`, with its year if that is another one. */
function day(date: Date, now: Date, zone: 'local' | 'utc'): string {
  const year = (of: Date) => of.toLocaleDateString('en-US', { year: 'numeric', ...timeZone(zone) });
  return date.toLocaleDateString('en-US', {
    month: 'short',
    day: 'numeric',
    ...(year(date) === year(now) ? {} : { year: 'numeric' }),
    ...timeZone(zone),
  });
}

/** In the largest unit that fits; null below a second. */
function amountOf(distance: number): string | null {
  const unit = units.find(({ ms }) => distance >= ms);
  return unit === undefined ? null : `${Math.floor(distance / unit.ms)} ${unit.name}`;
}
