/** Query values of which there are a few. */
import { HttpError } from './http-error.ts';

/** A query value that must be one of a few. Throws HttpError 422. */
export function choice(query: URLSearchParams, name: string, allowed: string[], fallback: string): string {
  const value = query.get(name) ?? fallback;
  if (!allowed.includes(value))
    throw new HttpError(422, 'Validation Failed', { errors: [`invalid ${name}`] });
  return value;
}
