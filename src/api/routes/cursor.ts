import { z } from 'zod';

/** An opaque position in a list: a few values in base64url. */
export function encodeCursor(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** Reads such a position; anything that `encodeCursor` did not create is a malformed request. */
export function cursorOf<T extends z.ZodType>(values: T) {
  return z
    .string()
    .max(300)
    .transform((text, context): z.output<T> => {
      try {
        const decoded = Buffer.from(text, 'base64url').toString('utf8');
        const parsed = values.safeParse(JSON.parse(decoded));
        // As in addresses: PostgreSQL's text cannot contain NUL.
        if (parsed.success && !decoded.includes(String.raw`\u0000`)) return parsed.data;
      } catch {
        // Not JSON: reported below, like JSON of another shape.
      }
      context.addIssue('is not a cursor of this list');
      return z.NEVER;
    });
}
