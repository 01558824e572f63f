/** What one check found. A fault makes the command fail, a warning does not. */
export interface Finding {
  check: string;
  status: 'ok' | 'warning' | 'fault';
  /** what is so, or what is wrong */
  message: string;
  /** why that matters; null where all is well */
  why: string | null;
  /** what to do about it */
  advice: string | null;
}

interface Matter {
  message: string;
  why: string;
  advice: string;
}

export function ok(check: string, message: string): Finding {
  return { check, status: 'ok', message, why: null, advice: null };
}

export function warning(check: string, matter: Matter): Finding {
  return { check, status: 'warning', ...matter };
}

export function fault(check: string, matter: Matter): Finding {
  return { check, status: 'fault', ...matter };
}

/** One line of a terminal. */
export function findingLine({ check, status, message, why, advice }: Finding): string {
  const sentences = [message, why, advice].filter((part) => part !== null);
  return `${status.toUpperCase().padEnd(8)}${check.padEnd(18)} ${sentences.join(' ')}`;
}
