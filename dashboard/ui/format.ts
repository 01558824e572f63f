const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** 12,345; a dash if unknown. */
export function formatCount(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : whole.format(value);
}

/** 12,345, and 1.2M from a million on. */
export function formatShort(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return Math.round(value) < 1_000_000 ? whole.format(value) : short.format(value);
}

export function formatPercent(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : `${tenths.format(value)} %`;
}

/**
 * 850 ms, 3.2 s, 4 min 10 s, 3 h 20 min, 5 d 2 h. Rounded before the unit is chosen, so that nothing takes 4
 * min 60 s.
 */
export function formatDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  if (Math.round(ms) < 1000) return `${Math.round(ms)} ms`;
  if (Math.round(ms / 100) < 600) return `${tenths.format(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joined(minutes, 'min', seconds % 60, 's');
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return joined(hours, 'h', minutes % 60, 'min');
  return joined(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** 812 B, 14.6 kB, 25 MB. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 999_950 ? `${tenths.format(bytes / 1000)} kB` : `${tenths.format(bytes / 1_000_000)} MB`;
}

/** Hours as people say them: 5.5 h, 44 h, 2.3 d. */
export function formatHours(hours: number | null | undefined): string {
  if (hours === null || hours === undefined) return '–';
  const minutes = Math.round(hours * 60);
  if (minutes < 60) return `${minutes} min`;
  return hours < 48 ? `${rounded(hours)} h` : `${rounded(hours / 24)} d`;
}

/** `1 repository`, `3 repositories`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${whole.format(count)} ${count === 1 ? one : many}`;
}

/** One decimal below ten: nobody needs 43.7 hours. */
function rounded(value: number): string {
  return (value < 10 ? tenths : whole).format(value);
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** An error's message as a sentence. */
export function sentence(text: string): string {
  const ended = text.endsWith('.') ? text : `${text}.`;
  return ended.charAt(0).toUpperCase() + ended.slice(1);
}
