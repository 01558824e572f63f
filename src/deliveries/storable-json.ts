const replacement = String.raw`\ufffd`;
const suspicious = /\\u(?:0000|d[89a-f])/i;
// A pair of surrogates, any other \u escape, or any other escape (so that `\\u0000`, a backslash, stays).
const escapes = /\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|\\u([0-9a-f]{4})|\\[^u]/gi;

/**
 * JSON text that `jsonb` can hold: NUL and lone surrogates, which PostgreSQL refuses, become U+FFFD
 * (docs/reference.md, "Meanings"). The text must be valid JSON; everything else in it stays as it is.
 */
export function storableJson(text: string): string {
  if (!suspicious.test(text)) return text;
  return text.replace(escapes, (escape: string, high?: string, _low?: string, single?: string) => {
    if (high !== undefined || single === undefined) return escape;
    const code = Number.parseInt(single, 16);
    return code === 0 || (code >= 0xd800 && code <= 0xdfff) ? replacement : escape;
  });
}

/** The same for a plain string. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}
