import { expect, it } from '@jest/globals';
import { apiUrlOf, pagesOf } from '../../src/setup/github-address.ts';

it.each([
  ['', 'https://api.github.com', 'https://github.com'],
  ['github.com', 'https://api.github.com', 'https://github.com'],
  ['https://api.github.com/', 'https://api.github.com', 'https://github.com'],
  ['https://github.acme.com', 'https://github.acme.com/api/v3', 'https://github.acme.com'],
  ['github.acme.com/api/v3/', 'https://github.acme.com/api/v3', 'https://github.acme.com'],
  ['acme.ghe.com', 'https://api.acme.ghe.com', 'https://acme.ghe.com'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
])('%p has its API at %s and its pages at %s', (named, api, pages) => {
  expect(apiUrlOf(named)).toBe(api);
  expect(pagesOf(api)).toBe(pages);
});

it.each(['http://github.acme.com', 'https://user@github.acme.com', 'https://github.acme.com/some/page', ':'])(
  '%p is not the address of a GitHub server',
  (named) => expect(apiUrlOf(named)).toBeNull(),
);
