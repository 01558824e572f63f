/** GitHub's public GraphQL schema, executable. */
import { readFile } from 'node:fs/promises';
import { buildASTSchema, parse, type GraphQLSchema } from 'graphql';

let loaded: Promise<GraphQLSchema> | null = null;

/**
 * The schema that `@octokit/graphql-schema` ships (1.2 MB of SDL), built on the first call and kept for the process: about
 * 150 ms. The file is read directly, because importing the package builds a second schema from its JSON form.
 */
export function githubSchema(): Promise<GraphQLSchema> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<GraphQLSchema> {
  const file = new URL('schema.graphql', import.meta.resolve('@octokit/graphql-schema'));
  const document = parse(await readFile(file, 'utf8'), { noLocation: true });
  return buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
}
