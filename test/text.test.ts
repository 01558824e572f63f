import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { storable, storableJson } from '../src/text.ts';

it('keeps the meaning, except for what PostgreSQL cannot store', () => {
  const text = fc.string({
    unit: fc.constantFrom('\0', '\ud83d', '\ude00', 'é', '"', '\\', '\\u0000', 'u', 'a'),
  });
  fc.assert(
    fc.property(text, (value) => {
      // JSON.stringify escapes lone surrogates and NUL, as GitHub's JSON may.
      const stored: unknown = JSON.parse(storableJson(JSON.stringify({ value })));
      expect(stored).toEqual({ value: storable(value) });
    }),
  );
});

it('leaves everything else untouched, byte by byte', () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: 'grapheme' }), (text) => {
      fc.pre(!text.includes(String.raw`\u0000`));
      expect(storableJson(text)).toBe(text);
    }),
  );
});
