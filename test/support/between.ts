import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One answer of the sandbox GitHub on its way to the product. */
export interface PassingAnswer {
  /** `METHOD /path?query` */
  request: string;
  /** the question's body: for GraphQL its query and variables */
  question: string;
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Stands between the product and the sandbox GitHub, so that a test can change single answers. */
export interface Between {
  url: string;
  /** where requests continue to; set once the sandbox listens */
  target: string;
  /** changes an answer in place; every one passes as it is unless set */
  alter: ((answer: PassingAnswer) => void | Promise<void>) | null;
  /** every request so far, as `METHOD /path?query` */
  requests: string[];
  close(): Promise<void>;
}

export async function standBetween(): Promise<Between> {
  const between: Between = {
    url: '',
    target: '',
    alter: null,
    requests: [],
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const server = createServer((request, response) => {
    pass(between, request.method ?? 'GET', request.url ?? '/', request.headers, request)
      .then(({ status, headers, body }) => response.writeHead(status, headers).end(body))
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  between.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return between;
}

async function pass(
  between: Between,
  method: string,
  path: string,
  headers: IncomingHttpHeaders,
  body: AsyncIterable<Uint8Array>,
): Promise<PassingAnswer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const question = Buffer.concat(chunks).toString();
  const request = `${method} ${path}`;
  between.requests.push(request);
  const { host: _host, connection: _connection, 'content-length': _length, ...kept } = headers;
  const answer = await fetch(between.target + path, {
    method,
    headers: Object.entries(kept).map(([name, value]): [string, string] => [name, String(value)]),
    redirect: 'manual',
    ...(method === 'GET' ? {} : { body: question }),
  });
  const text = await answer.text();
  const {
    'content-encoding': _encoding,
    'content-length': _size,
    ...shown
  } = Object.fromEntries(answer.headers);
  const own = (words: string) => words.replaceAll(between.target, between.url);
  const passing: PassingAnswer = {
    request,
    question,
    status: answer.status,
    headers: Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, own(value)])),
    body: own(text),
  };
  delete passing.headers['transfer-encoding'];
  await between.alter?.(passing);
  return passing;
}

/** What is requested while something is done: the names of GraphQL queries, and the paths of REST below the repository. */
export async function questionsDuring(between: Between, act: () => Promise<unknown>): Promise<string[]> {
  const questions: string[] = [];
  between.alter = ({ request, question }) => {
    const name = /query (\w+)/.exec(question)?.[1];
    questions.push(name ?? request.replace(/\?.*|^GET \/repositories\/\d+/g, ''));
  };
  await act();
  between.alter = null;
  return questions;
}
