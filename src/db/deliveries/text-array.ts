/** The object identifier of PostgreSQL's `text`. */
const TEXT_OID = 25;
const HEADER_BYTES = 20;

/**
 * Texts in UTF-8 as PostgreSQL's binary `text[]`: the driver sends a buffer as it is, and writes any other array as text, in
 * which each element is escaped and parsed again. The format is what `array_recv` reads
 * (src/backend/utils/adt/arrayfuncs.c): the number of dimensions, whether there are nulls, the type of the elements, the
 * length and the first index of the only dimension, and each element after its length.
 */
export function encodeTextArray(texts: readonly Buffer[]): Buffer {
  const array = Buffer.allocUnsafe(texts.reduce((bytes, { length }) => bytes + 4 + length, HEADER_BYTES));
  let at = 0;
  for (const field of [1, 0, TEXT_OID, texts.length, 1]) at = array.writeInt32BE(field, at);
  for (const text of texts) {
    at = array.writeInt32BE(text.length, at);
    at += text.copy(array, at);
  }
  return array;
}
