/** The result of one check. A fault makes the command fail, a warning does not. */
export interface Finding {
  check: string;
  status: 'ok' | 'warning' | 'fault';
  /** the state, or what is wrong */
  message: string;
  /** why that matters; null if all is well */
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

/** One line for the terminal. */
export function findingLine({ check, status, message, why, advice }: Finding): string {
  const sentences = [message, why, advice].filter((part) => part !== null);
  return `${status.toUpperCase().padEnd(8)}${check.padEnd(18)} ${sentences.join(' ')}`;
}
