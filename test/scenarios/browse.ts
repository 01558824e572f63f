/** What a browser does with a form: fields filled in as they stand, posted where it leads. */
export interface Form {
  action: string;
  fields: Record<string, string>;
}

/** The form of a page that has these words in it. @throws Error where there is none */
export function formIn(html: string, words: string): Form {
  const found = [...html.matchAll(/<form [^>]*action="([^"]*)"[^>]*>(.*?)<\/form>/gs)].find(([form]) =>
    form.includes(words),
  );
  if (found === undefined) throw new Error(`no form with "${words}" in: ${html}`);
  const [, action = '', body = ''] = found;
  const fields = [...body.matchAll(/<input ([^>]*)>/g)].flatMap(([, attributes = '']) => {
    const named = (name: string): string =>
      decoded(new RegExp(`${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
    return /type="checkbox"/.test(attributes) ? [] : [[named('name'), named('value')]];
  });
  return { action: decoded(action), fields: Object.fromEntries(fields) };
}

/** Posts a form of the page at `from`; a redirect is not followed. */
export function submit(from: string, form: Form, filled: Record<string, string>): Promise<Response> {
  return fetch(new URL(form.action, from), {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ ...form.fields, ...filled }),
  });
}

function decoded(text: string): string {
  return text.replaceAll(/&#(\d+);/g, (_all, code) => String.fromCodePoint(Number(code)));
}
