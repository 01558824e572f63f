import type { Logger as TemporalLogger, LogLevel, LogMetadata } from '@temporalio/common';
import type { Logger } from '../logger.ts';

/** Temporal's log in ours: one stream, the same fields. */
export function runtimeLogger(log: Logger): TemporalLogger {
  const write = (level: Lowercase<LogLevel>) => (message: string, meta?: LogMetadata) =>
    log[level](meta ?? {}, message);
  return {
    log: (level, message, meta) => write(level.toLowerCase() as Lowercase<LogLevel>)(message, meta),
    trace: write('trace'),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };
}
