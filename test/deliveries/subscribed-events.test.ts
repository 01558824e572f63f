import { describe, expect, it } from '@jest/globals';
import { subscribedEvents, workedEvents } from '../../src/deliveries/events.ts';
import { entities } from '../../src/entities/index.ts';
import { readEventPermissions } from '../sandbox/openapi.ts';

const byGitHub = readEventPermissions();
const offered = workedEvents.filter((event) => byGitHub.has(event));
const permissions = [...new Set(offered.flatMap((event) => byGitHub.get(event) ?? []))];

describe('the events to subscribe to', () => {
  it.each(permissions)('are with %s alone those that GitHub offers about what can be read', (permission) => {
    const has = (names: readonly string[] = []) =>
      names.some((name) => name === permission || name === 'metadata');
    const needed = offered.filter((event) => {
      const kinds = entities.filter(({ events }) => Object.hasOwn(events, event));
      return has(byGitHub.get(event)) && (kinds.length === 0 || kinds.some((kind) => has(kind.permissions)));
    });
    expect(subscribedEvents({ [permission]: 'read' }).toSorted()).toEqual(needed.toSorted());
  });

  it('are with all permissions all that are not sent to every App', () => {
    const all = Object.fromEntries(permissions.map((name) => [name, 'read']));
    expect(subscribedEvents(all).toSorted()).toEqual(offered.toSorted());
  });
});
