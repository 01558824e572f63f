import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { typesOfDocument } from './types-of-document.ts';

/** `npm run api-types -- http://127.0.0.1:8000`: the types of docs/examples, of the description of an API that runs. */
const [url = 'http://127.0.0.1:8000'] = process.argv.slice(2);
const file = fileURLToPath(new URL('../../docs/examples/mirror-api.d.ts', import.meta.url));
const answer = await fetch(new URL('/docs/json', url));
writeFileSync(file, await typesOfDocument(await answer.json(), file));
