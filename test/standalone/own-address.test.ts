import { expect, it } from '@jest/globals';
import { ownAddress } from '../../src/standalone/own-address.ts';

it.each([
  ['127.0.0.1', 'http://127.0.0.1:8000'],
  ['0.0.0.0', 'http://127.0.0.1:8000'],
  ['::', 'http://127.0.0.1:8000'],
  ['::1', 'http://[::1]:8000'],
  ['localhost', 'http://localhost:8000'],
])('HOST %s is found at %s', (host, address) => {
  expect(ownAddress(host, 8000)).toBe(address);
});
