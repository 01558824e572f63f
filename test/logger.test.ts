import { describe, expect, it } from '@jest/globals';
import { createLogger, type Logger } from '../src/logger.ts';

/** What is written when `work` logs. */
function linesOf(work: (log: Logger) => void): string {
  const lines: string[] = [];
  work(createLogger('test', 'info', { write: (line) => void lines.push(line) }));
  return lines.join('');
}

describe('a line of the log', () => {
  it('contains no value of a secret field, at the top, one level below, and in a child logger', () => {
    const written = linesOf((log) => {
      const fields = { token: 'hidden', headers: { authorization: 'hidden', accept: 'shown' }, payload: {} };
      log.info(fields, 'said');
      log.child({ secret: 'hidden', request: { privateKey: 'hidden' } }).warn('again');
      expect(fields.token).toBe('hidden');
    });
    expect(written).not.toContain('hidden');
    expect(written.match(/\[secret\]/g)).toHaveLength(5);
    expect(written).toContain('"accept":"shown"');
  });

  it('contains none at deeper levels, in lists, or in errors under another name', () => {
    const circle: Record<string, unknown> = { authorization: 'hidden', accept: 'shown' };
    circle['self'] = circle;
    const written = linesOf((log) => {
      log.info({ request: { headers: { authorization: 'hidden' } }, all: [{ at: [{ token: 'hidden' }] }] });
      log.info({ reason: Object.assign(new Error('shown'), { request: { token: 'hidden' } }) });
      log.info({ answer: { errors: [Object.assign(new Error('shown'), { payload: 'hidden' })] } });
      log.child({ one: { two: { secret: 'hidden' } } }).info({ at: new Date(0) });
      log.info({ circle });
    });
    expect(written).not.toContain('hidden');
    expect(written).toContain('1970-01-01T00:00:00.000Z');
    expect(written.match(/shown/g)?.length).toBeGreaterThanOrEqual(3);
  });

  it("contains an error's message, not its other properties", () => {
    const cause = Object.assign(new Error('below'), { token: 'hidden' });
    const error = Object.assign(new Error('above', { cause }), { code: 'ODD', request: { token: 'hidden' } });
    const written = linesOf((log) => log.error({ err: error }, 'failed'));
    expect(written).not.toContain('hidden');
    expect(JSON.parse(written)).toMatchObject({
      name: 'test',
      msg: 'failed',
      err: { message: 'above', code: 'ODD', cause: { message: 'below' } },
    });
  });
});
