/**
 * The JSON text of a delivery's body, which GitHub sends as it is or, if the App is so configured, as the form
 * field `payload`; as UTF-8, except for invalid bytes. Null if a form has no such field.
 */
export function payloadJson(body: Buffer, contentType: string | undefined): Buffer | null {
  const isForm = contentType?.trim().toLowerCase().startsWith('application/x-www-form-urlencoded');
  if (!isForm) return body;
  const text = new URLSearchParams(body.toString()).get('payload');
  return text === null ? null : Buffer.from(text);
}
