import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { healthSchema } from '../src/api/routes/health-schema.ts';
import { jobSchema } from '../src/api/schemas.ts';
import { variableNames } from '../src/config.ts';
import { loadQuestions } from '../src/db/dashboard/questions.ts';
import { workedEvents } from '../src/deliveries/events.ts';
import { entities } from '../src/entities/index.ts';
import { errorTable } from '../src/errors.ts';
import { startTestApi, type TestApi } from './api/support.ts';
import { pages, text } from './support/pages.ts';
import { openTestRows, type TestRows } from './support/rows.ts';

const readme = text('README.md');
const reference = text('docs/reference.md');
const dataModel = text('docs/data-model.md');

// Read by `@temporalio/envconfig`, not by the product's own configuration.
const temporalVariables = ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE'];

/** How the App's settings page names the events that are chosen there (others are always sent). */
const eventTitles: Readonly<Record<string, string>> = {
  create: 'Branch or tag creation',
  delete: 'Branch or tag deletion',
};

function titleOf(event: string): string {
  return eventTitles[event] ?? event.charAt(0).toUpperCase() + event.slice(1).replaceAll('_', ' ');
}

const alwaysSent = ['installation', 'installation_repositories', 'installation_target'];

/** The section of a page under a heading. */
function section(page: string, heading: string): string {
  const [, rest = ''] = page.split(`\n## ${heading}\n`);
  return rest.split(/\n## /)[0] ?? '';
}

/** The rows of the tables in some text, as cells. */
function rowsOf(markdown: string): string[][] {
  return [...markdown.matchAll(/^\| (.*) \|$/gm)]
    .map(([, row = '']) => row.split(/ ?(?<!\\)\| ?/))
    .filter(([first]) => first?.includes('`'));
}

function names(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '');
}

/** The columns that a cell lists: in parentheses are values, after the key is what was listed before. */
function columnsIn(cell = ''): string[] {
  return names(cell.replace(/; key .*/, '').replaceAll(/\([^)]*\)/g, ''));
}

describe('the README', () => {
  it('has every setting in its table, and no other', () => {
    const told = rowsOf(section(readme, 'Settings')).flatMap(([cell]) => names(cell));
    expect(told.sort()).toEqual([...variableNames, ...temporalVariables].sort());
  });

  it('has a row for the table of every described kind', () => {
    const told = rowsOf(section(readme, 'Tables')).flatMap(([cell]) => names(cell));
    expect(told).toEqual(expect.arrayContaining(entities.map(({ name }) => name)));
  });

  it('stays short enough to be read', () => {
    expect(readme.split('\n').length).toBeLessThan(222);
  });
});

describe('.env.example', () => {
  it('has every setting', () => {
    const told = [...text('.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name ?? '');
    expect(told.sort()).toEqual([...variableNames, ...temporalVariables].sort());
  });
});

describe('the GitHub App by hand in docs/operations.md', () => {
  it('names the processed events to subscribe to', () => {
    const [, list = ''] = /\| Subscribe to events \| (.*) \|/.exec(text('docs/operations.md')) ?? [];
    const chosen = workedEvents.filter((event) => !alwaysSent.includes(event));
    expect(list.split(', ').toSorted()).toEqual(chosen.map(titleOf).toSorted());
  });
});

describe('the error table of docs/operations.md', () => {
  it('has every code', () => {
    const told = rowsOf(section(text('docs/operations.md'), 'By error code')).map(([cell]) => names(cell)[0]);
    expect(told).toEqual(Object.keys(errorTable));
  });
});

describe('docs/reference.md', () => {
  let test: TestRows;
  let api: TestApi;
  beforeAll(async () => {
    test = await openTestRows();
    api = await startTestApi();
  });
  afterAll(() => Promise.all([test.close(), api.close()]));

  it('names the processed events', () => {
    const told = rowsOf(section(reference, 'The GitHub App')).flatMap(([cell]) => names(cell));
    expect(told.sort()).toEqual(workedEvents.toSorted());
  });

  it('names only existing columns, and all of those of views', async () => {
    const columns = await test.rows<{ table: string; column: string }>(
      `select table_name as table, column_name as column from information_schema.columns where table_schema = 'public'`,
    );
    const of = (name: string) => columns.filter(({ table }) => table === name).map(({ column }) => column);
    for (const [table, cell] of rowsOf(section(reference, 'Tables'))) {
      const [name = ''] = names(table);
      expect({ name, missing: columnsIn(cell).filter((column) => !of(name).includes(column)) }).toEqual({
        name,
        missing: [],
      });
      expect(of(name)).not.toEqual([]);
    }
    for (const [view, cell] of rowsOf(section(reference, 'Views'))) {
      const [name = ''] = names(view);
      // What the score of `team_health` is made of is told beside its columns.
      const told = columnsIn(cell).filter((column) => name !== 'team_health' || of(name).includes(column));
      expect({ name, told: [...new Set(told)].sort() }).toEqual({ name, told: of(name).sort() });
    }
  });

  it('names every field of a job', () => {
    const told = rowsOf(section(reference, 'Jobs')).flatMap(([cell]) => names(cell));
    expect(told).toEqual(expect.arrayContaining(Object.keys(jobSchema.shape)));
  });

  it('names every field of health', () => {
    const told = rowsOf(section(reference, 'Health')).map(([cell]) => names(cell)[0]);
    expect(new Set(told)).toEqual(new Set(Object.keys(healthSchema.shape)));
  });

  it('names every path of the API', async () => {
    const answer = await api.app.inject({ url: '/docs/json' });
    const { paths } = z
      .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
      .parse(answer.json());
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    const told = rowsOf(section(reference, 'HTTP')).flatMap(([cell]) =>
      names(cell).filter((name) => /^[A-Z]+ \//.test(name)),
    );
    const withoutBody = told.map((name) => name.split(' ').slice(0, 2).join(' '));
    // The page itself is not part of the API's description.
    expect(withoutBody.filter((name) => name !== 'GET /').sort()).toEqual(routes.sort());
  });

  it('matches docs/data-model.md, which shows every table and column of the database', async () => {
    const columns = await test.rows<{ table: string; column: string; type: string }>(
      `select table_name as table, column_name as column, udt_name as type from information_schema.columns
        where table_schema = 'public'`,
    );
    const internal = rowsOf(section(dataModel, 'Tables')).map(([cell]) => names(cell)[0]);
    const drawn = [...dataModel.matchAll(/^  (\w+) \{\n(.*?)^  \}/gms)].flatMap(([, table = '', body = '']) =>
      [...body.matchAll(/^    (\S+) (\w+)/gm)].map(
        ([, type = '', column = '']) => `${table} ${column} ${type}`,
      ),
    );
    const inWords: Readonly<Record<string, string>> = {
      int8: 'bigint',
      int4: 'int',
      bool: 'boolean',
      _text: 'text[]',
    };
    const kept = columns
      .filter(({ table }) => !internal.includes(table))
      .map(({ table, column, type }) => `${table} ${column} ${inWords[type] ?? type}`);
    expect(drawn.sort()).toEqual(kept.sort());
    expect(internal.filter((name) => columns.every(({ table }) => table !== name))).toEqual([]);
  });

  it("matches docs/data-model.md, which has the dashboard's questions with the same SQL", () => {
    const told = [
      ...section(dataModel, 'Twenty questions').matchAll(/^### ([^\n]+\?)\n\n([^`]*)```sql\n(.*?)\n```/gms),
    ].map(([, question, explanation = '', query]) => ({
      question,
      explanation: explanation.trim(),
      sql: query,
    }));
    const asked = loadQuestions().map(({ question, explanation, sql }) => ({ question, explanation, sql }));
    expect(told).toEqual(asked);
    expect(asked).toHaveLength(20);
  });

  it('contains only queries that run, as do the other pages', async () => {
    const queries = pages.flatMap((page) =>
      [...text(page).matchAll(/```sql\n(.*?)```/gs)]
        .flatMap(([, block = '']) => block.split(';\n'))
        .map((query) => query.replaceAll(/^--.*$/gm, '').trim())
        .filter((query) => /^(select|update|delete)\b/.test(query))
        .map((query) => query.replaceAll("'GUID'", "'00000000-0000-4000-8000-000000000000'")),
    );
    expect(queries.length).toBeGreaterThan(15);
    for (const query of queries) await test.rows(`explain ${query}`);
  });
});
