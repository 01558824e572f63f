import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { parsed, parsedExactly } from '../../src/github/session/read-body.ts';

it('reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      fc.pre(!/\d{16}/.test(text));
      expect(parsed(text)).toEqual(JSON.parse(text));
    }),
  );
});

it('keeps every digit of a whole number that is beyond 2^53', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), fc.string(), (id, name) => {
      const safe = id <= BigInt(Number.MAX_SAFE_INTEGER) && id >= BigInt(Number.MIN_SAFE_INTEGER);
      const text = `[{"name": ${JSON.stringify(name)}, "id":${id}, "all": [1.5, ${id}]}, -3]`;
      const expected = safe ? Number(id) : id;
      expect(parsed(text)).toEqual([{ name, id: expected, all: [1.5, expected] }, -3]);
    }),
  );
});

it('leaves digits in texts, fractions and exponents alone', () => {
  const text = '{"a":":12345678901234567890","b":12345678901234567.5,"c":1e300,"d":12345678901234567e0}';
  expect(parsed(text)).toEqual({
    a: ':12345678901234567890',
    b: Number('12345678901234567.5'),
    c: 1e300,
    d: Number('12345678901234567e0'),
  });
});

it('gives what is stored again the digits that it came with', () => {
  const number = fc
    .tuple(
      fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
      fc.constantFrom('', '.50', '.12345678901234567891', 'E-3', 'e300', '.0e+7'),
    )
    .map(([whole, rest]) => `${whole}${rest}`);
  fc.assert(
    fc.property(fc.array(number), fc.string(), (numbers, name) => {
      const text = `{"name":${JSON.stringify(name)},"all":[${numbers.join(',')}],"__proto__":[-0,1]}`;
      expect(JSON.stringify(parsedExactly(text))).toBe(text);
    }),
  );
});

it('returns anything but JSON as text', () => {
  expect(parsed('{"half": ')).toBe('{"half": ');
  expect(parsed('')).toBe('');
});
