import { describe, expect, it } from '@jest/globals';
import { atBase, serverOf } from '../../src/github/session/server.ts';

describe('atBase', () => {
  it.each([
    ['https://a/api/v3', 'http://b/api/v3/repositories/1?page=2', 'https://a/api/v3/repositories/1?page=2'],
    ['https://a/api/v3', 'https://b/repositories/1?page=2', 'https://a/api/v3/repositories/1?page=2'],
    ['https://a', 'https://b:8443/api/v3/repositories/1', 'https://a/repositories/1'],
    ['https://a/ghe/api', 'https://b/api/v3/x', 'https://a/ghe/api/x'],
    ['https://api.github.com', 'https://api.github.com/x?y=%2B', 'https://api.github.com/x?y=%2B'],
  ])('%s asks %s at %s', (base, address, expected) => {
    expect(atBase(base, address)).toBe(expected);
  });
});

describe('serverOf', () => {
  it.each([
    ['https://api.github.com', 'users.noreply.github.com', 3],
    ['https://api.octo.ghe.com', 'users.noreply.octo.ghe.com', 3],
    ['https://git.example.org/api/v3', 'users.noreply.git.example.org', 7],
  ])('%s', (base, noreply, days) => {
    const { noreplyHost, logKeptMs } = serverOf(base);
    expect([noreplyHost.test(noreply), noreplyHost.test(`${noreply}.evil`), logKeptMs / 86_400_000]).toEqual([
      true,
      false,
      days,
    ]);
    expect(noreplyHost.test('users.noreply.github.com')).toBe(base === 'https://api.github.com');
  });
});
