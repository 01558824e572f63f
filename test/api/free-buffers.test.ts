import { expect, it } from '@jest/globals';
import { freeBuffers, joinBuffers } from '../../src/api/receiver/free-buffers.ts';

it('frees large buffers, and none whose memory others share', () => {
  const alone = Buffer.alloc(64 * 1024, 'x');
  const whole = Buffer.alloc(64 * 1024, 'x');
  const part = whole.subarray(0, 32 * 1024);
  const pooled = Buffer.from('pooled');
  freeBuffers([alone, part, pooled]);
  expect([alone.byteLength, part.byteLength, whole.byteLength, pooled.toString()]).toEqual([
    0,
    32 * 1024,
    64 * 1024,
    'pooled',
  ]);
});

it('joins buffers into bytes that outlast them, and copies no small one that came alone', () => {
  const small = Buffer.alloc(9 * 1024, 's');
  const large = Buffer.alloc(64 * 1024, 'l');
  const joined = [[small], [large], [small, large]].map((buffers) => joinBuffers(buffers));
  freeBuffers([small, large]);
  expect(joined.map(({ length }) => length)).toEqual([9 * 1024, 64 * 1024, 73 * 1024]);
  expect(joined.map((bytes) => bytes.toString('latin1', 0, 1))).toEqual(['s', 'l', 's']);
  expect(joined[0]).toBe(small);
  expect(joinBuffers([])).toHaveLength(0);
});
