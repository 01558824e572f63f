import { describe, expect, it } from '@jest/globals';
import { readDelivery } from '../../src/deliveries/read-delivery.ts';

const guid = '0b989ba4-242f-11e5-81e1-c7b6966d2516';

function payloadOf(json: Buffer): Buffer {
  return readDelivery({ guid, event: 'star', json }).delivery.payload;
}

describe('the payload of a delivery', () => {
  it('is the bytes as they came, without a copy', () => {
    const json = Buffer.from(`{"starred_at":null,"note":"${'é'.repeat(100_000)}"}`);
    expect(payloadOf(json)).toBe(json);
  });

  it('has U+FFFD for what is no UTF-8, and for what PostgreSQL cannot hold', () => {
    const spoilt = Buffer.from('{"note":"a?b"}');
    spoilt[10] = 0xff;
    expect(payloadOf(spoilt).toString()).toBe('{"note":"a\uFFFDb"}');
    expect(payloadOf(Buffer.from(String.raw`{"note":"a\u0000b\ud800"}`)).toString()).toBe(
      String.raw`{"note":"a\ufffdb\ufffd"}`,
    );
  });
});
