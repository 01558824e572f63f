/** Parameters that say where the server is and how its connection is encrypted: read by `databaseAddress`. */
const address = [
  'host',
  'port',
  'user',
  'password',
  'options',
  'application_name',
  'sslnegotiation',
  'connect_timeout',
];
const encryption = ['ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'uselibpqcompat'];

/**
 * libpq's parameters of which some values ask for what is done anyway, or promise nothing; any other value is
 * refused, with the reason (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS).
 */
const fixed: Readonly<Record<string, { values: readonly string[]; why: string }>> = {
  // A server that refuses to write (SQLSTATE 25006) counts as unavailable.
  target_session_attrs: {
    values: ['any', 'read-write', 'primary'],
    why: 'the mirror is written, so the server must be the primary',
  },
  // What `require` is for, to know whose server it is, `databaseAddress` has the certificate show.
  channel_binding: { values: ['disable', 'prefer', 'require'], why: 'libpq knows no other' },
  gssencmode: { values: ['disable', 'prefer'], why: 'the driver cannot encrypt by GSSAPI' },
  load_balance_hosts: { values: ['disable'], why: 'only one server can be named' },
  // Prisma's, for a pooler in transaction mode: without prepared statements, which nothing here names.
  pgbouncer: { values: ['true', 'false'], why: 'Prisma knows no other' },
  client_encoding: { values: ['utf8', 'UTF8', 'auto'], why: 'texts of GitHub need UTF-8' },
};

/** What people write who know another driver, and how to say it here. */
const elsewhere: Readonly<Record<string, string>> = {
  dbname: 'name the database in the path: postgres://host/database',
  search_path: 'write options=-c%20search_path%3DNAME',
  schema: 'write options=-c%20search_path%3DNAME',
  currentSchema: 'write options=-c%20search_path%3DNAME',
  connection_limit: 'leave it out: docs/operations.md says how many connections a process holds',
};

/**
 * Refuses what could not be kept: several hosts, and parameters that are unknown here. Ignored, they would let
 * somebody trust in what does not happen.
 *
 * @throws Error that names the parameter, never the address
 */
export function checkParameters(parameters: URLSearchParams): void {
  for (const [name, value] of parameters) {
    const rule = Object.hasOwn(fixed, name) ? fixed[name] : undefined;
    if (rule !== undefined) {
      if (!rule.values.includes(value))
        throw new Error(`${name} may be ${rule.values.join(' or ')}: ${rule.why}`);
    } else if (![...address, ...encryption].includes(name)) {
      const advice = Object.hasOwn(elsewhere, name) ? elsewhere[name] : undefined;
      throw new Error(`the parameter ${name} is not known here; ${advice ?? 'leave it out'}`);
    }
  }
  if (/,/.test(`${parameters.get('host')}${parameters.get('port')}`)) throw severalHosts();
  const negotiation = parameters.get('sslnegotiation');
  if (negotiation !== null && !/^(postgres|direct)$/.test(negotiation))
    throw new Error('sslnegotiation may be postgres or direct');
  const seconds = parameters.get('connect_timeout');
  if (seconds !== null && !(/^\d{1,2}$/.test(seconds) && Number(seconds) >= 1 && Number(seconds) <= 60))
    throw new Error('connect_timeout may be 1 to 60 seconds');
}

/** Whether the address itself names several hosts, as libpq permits. */
export function namesSeveralHosts(text: string): boolean {
  const authority = /^[a-z]+:\/\/([^/?#]*)/.exec(text)?.[1] ?? '';
  return authority.slice(authority.lastIndexOf('@') + 1).includes(',');
}

export function severalHosts(): Error {
  return new Error(
    'names several hosts; name one that always leads to the primary: a DNS name, a virtual address or a proxy',
  );
}
