/**
 * The JSON text of a delivery's body, which GitHub sends as it is or, where the App is configured so, as the
 * form field `payload`. Bytes that are no UTF-8 become U+FFFD. Null when a form has no such field.
 */
export function payloadText(body: Buffer, contentType: string | undefined): string | null {
  const text = body.toString('utf8');
  const isForm = contentType?.trim().toLowerCase().startsWith('application/x-www-form-urlencoded');
  return isForm ? new URLSearchParams(text).get('payload') : text;
}
