import { describe, expect, it } from '@jest/globals';
import { parseLinks } from '../../src/github/session/links.ts';

describe('parseLinks', () => {
  it.each<[unknown, unknown]>([
    [
      '<https://a/?page=2>; rel="next", <https://a/?page=9>; rel="last"',
      { next: 'https://a/?page=2', last: 'https://a/?page=9' },
    ],
    ['<https://a/?x=1,2&page=2>; rel="next"', { next: 'https://a/?x=1,2&page=2', last: null }],
    ['<https://a/?page=2>; rel=next', { next: 'https://a/?page=2', last: null }],
    [
      '<https://a/?page=2>; title="x"; REL="Last next"',
      { next: 'https://a/?page=2', last: 'https://a/?page=2' },
    ],
    [
      '<https://a/?page=1>; rel=prev, <https://a/?page=3>; rel=next',
      { next: 'https://a/?page=3', last: null },
    ],
    ['<https://a/?page=1>; rel="prev", <https://a/?page=1>; rel="first"', { next: null, last: null }],
    [
      '<?page=1>; title="a, <b>; rel=next"; rel="prev",<?page=3>;title="a, b"; rel="next"',
      { next: '?page=3', last: null },
    ],
    ['', { next: null, last: null }],
    [undefined, { next: null, last: null }],
    ['garbage <>; rel=', { next: null, last: null }],
  ])('%s', (header, expected) => {
    expect(parseLinks(header)).toEqual(expected);
  });
});
