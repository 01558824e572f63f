import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { pages, root, text } from './support/pages.ts';

/** Made by a run, by a build or by whoever runs it. */
const ofRuns = new Set(['.data/run.json', '/app/sbom.cdx.json', 'docker-compose.override.yml']);

/** What documents name files of. */
const files = [
  ...readdirSync(root),
  ...['.github', 'bench', 'dashboard', 'docs', 'lint', 'ops', 'sandbox', 'src', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  ),
];

/** Every word of the code that documents may name. */
const words = new Set(
  files
    .filter((name) =>
      /^(?:(?:bench|dashboard|lint|sandbox|src|test)\/.*\.(?:ts|tsx|mjs|sql)|package\.json)$/.test(name),
    )
    .flatMap((name) => text(name).match(/\w+/g) ?? []),
);

/** A heading as GitHub makes it the end of an address. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

describe('every page', () => {
  it.each(pages)('links only to existing targets: %s', (page) => {
    const links = [...text(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
    for (const [link, path = '', anchor] of links) {
      const target = path === '' ? page : join(dirname(page), path);
      expect({ link, exists: existsSync(join(root, target)) }).toEqual({ link, exists: true });
      if (anchor === undefined) continue;
      const headings = [...text(target).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => slug(heading));
      expect(headings).toContain(anchor);
    }
  });

  it.each(pages.filter((page) => page !== 'CHANGELOG.md'))('names only existing files: %s', (page) => {
    const told = [...text(page).matchAll(/`([\w./-]+\.(?:ts|tsx|mjs|json|yml|md))`/g)].map(
      ([, name = '']) => name,
    );
    const missing = told.filter(
      (name) => !ofRuns.has(name) && !files.some((file) => file === name || file.endsWith(`/${name}`)),
    );
    expect(missing).toEqual([]);
  });

  it.each(pages.filter((page) => page !== 'CHANGELOG.md'))('names only existing folders: %s', (page) => {
    const told = [
      ...text(page).matchAll(/`((?:bench|dashboard|docs|lint|ops|sandbox|src|test)\/[\w./-]+?)\/?`/g),
    ];
    expect(told.map(([, name = '']) => name).filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });

  it.each(pages.filter((page) => page !== 'CHANGELOG.md'))('names only existing functions: %s', (page) => {
    const prose = text(page).replaceAll(/```.*?```/gs, '');
    const told = [...prose.matchAll(/`([a-z]+[A-Z]\w+)(?:\(\))?`/g)].map(([, name = '']) => name);
    // The names of Fastify's log.
    const missing = told.filter((name) => name !== 'reqId' && !words.has(name));
    expect(missing).toEqual([]);
  });

  it('names only existing commands', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(text('package.json')));
    const told = pages.flatMap((page) =>
      [...text(page).matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name),
    );
    expect([...new Set(told)].filter((name) => name !== undefined && !(name in scripts))).toEqual([]);
  });
});

it('docs/decisions/README.md lists every decision by its title', () => {
  const decisions = pages.filter((page) => /^docs\/decisions\/\d/.test(page));
  const lines = decisions.map((page) => {
    const [, title] = /^# (.*)$/m.exec(text(page)) ?? [];
    return `- [${title}](${basename(page)})`;
  });
  const listed = text('docs/decisions/README.md').match(/^- .*$/gm) ?? [];
  expect(listed.toSorted()).toEqual(lines.toSorted());
});
