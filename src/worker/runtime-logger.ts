import type { Logger as TemporalLogger, LogLevel, LogMetadata } from '@temporalio/common';
import type { Logger } from '../logger.ts';

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Forwards Temporal's log into ours: one stream, the same fields. */
export function runtimeLogger(log: Logger): TemporalLogger {
  const write = (level: (typeof levels)[LogLevel]) => (message: string, meta?: LogMetadata) =>
    log[level](meta ?? {}, message);
  return {
    log: (level, message, meta) => write(levels[level])(message, meta),
    trace: write('trace'),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };
}
