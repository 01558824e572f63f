import { generateKeyPairSync } from 'node:crypto';

/** A new RSA key as PEM, in the form (PKCS#1) in which GitHub hands out those of Apps. */
export function newPrivateKey(type: 'pkcs1' | 'pkcs8'): string {
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type, format: 'pem' })
    .toString();
}
