import { newPrivateKey } from '../../sandbox/world/private-key.ts';

/** An App's private key as PEM (PKCS#8), one for all tests of a file: making one takes longer than a test. */
export const privateKey = newPrivateKey('pkcs8');
