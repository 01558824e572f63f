import { expect, it } from '@jest/globals';
import { freeBuffers } from '../../src/api/receiver/free-buffers.ts';

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
