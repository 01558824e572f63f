import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { ConfigurationError } from '../config.ts';

export interface TemporalSettings {
  /** in the form that `Connection` and `NativeConnection` take */
  connectionOptions: ReturnType<typeof loadClientConnectConfig>['connectionOptions'] & { address: string };
  namespace: string;
}

/**
 * Where Temporal is, from the variables and the file that the `temporal` program reads (`TEMPORAL_ADDRESS`,
 * `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS_*`).
 *
 * @throws ConfigurationError naming every variable that cannot be used: its file cannot be read, is not a
 * certificate or key, or contradicts another; the address is not valid
 */
export function loadTemporalSettings(env: NodeJS.ProcessEnv): TemporalSettings {
  const given = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1]?.trim())),
  );
  const faults = [...addressFaults(given['TEMPORAL_ADDRESS']), ...tlsFaults(given)];
  if (faults.length > 0) throw new ConfigurationError(faults);
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: given });
    faults.push(...addressFaults(connectionOptions.address), ...pairFaults(given, connectionOptions.tls));
    if (faults.length > 0) throw new ConfigurationError(faults);
    return {
      connectionOptions: {
        ...connectionOptions,
        address: connectionOptions.address ?? '127.0.0.1:7233',
      },
      namespace: namespace ?? 'default',
    };
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    // The remaining faults are in the settings file.
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError([`TEMPORAL_CONFIG_FILE: ${reason}`]);
  }
}

const ADDRESS = /^(\[[0-9a-f:.]+\]|[^\s:/[\]@]+)(:\d{1,5})?$/i;

/**
 * Both of the SDK's clients connect later and retry for ever: an invalid address would look like a server that
 * is unavailable.
 */
function addressFaults(address: string | undefined): string[] {
  if (address === undefined) return [];
  const [, , port = ':7233'] = ADDRESS.exec(address) ?? [];
  if (ADDRESS.test(address) && Number(port.slice(1)) <= 65_535) return [];
  return [`TEMPORAL_ADDRESS: "${address}" must be a host and a port such as 127.0.0.1:7233 or [::1]:7233`];
}

const certificate = {
  is: (pem: Buffer): unknown => new X509Certificate(pem),
  what: 'certificate in PEM form',
};
const key = { is: (pem: Buffer): unknown => createPrivateKey(pem), what: 'private key in PEM form' };
const materials = { CLIENT_CERT: certificate, CLIENT_KEY: key, SERVER_CA_CERT: certificate };

function tlsFaults(given: Readonly<Record<string, string>>): string[] {
  return Object.entries(materials).flatMap(([part, material]) => {
    const [path, data] = [`TEMPORAL_TLS_${part}_PATH`, `TEMPORAL_TLS_${part}_DATA`];
    if (given[path] !== undefined && given[data] !== undefined)
      return [`${data}: is set beside ${path}: unset one of them`];
    const name = given[path] === undefined ? data : path;
    return given[name] === undefined ? [] : materialFaults(name, given[name], material);
  });
}

/** Half a pair, which the SDK silently ignores. The other half may be in the settings file. */
function pairFaults(
  given: Readonly<Record<string, string>>,
  tls: ReturnType<typeof loadClientConnectConfig>['connectionOptions']['tls'],
): string[] {
  if (typeof tls !== 'object' || tls?.clientCertPair !== undefined) return [];
  const has = (part: string): boolean =>
    Object.keys(given).some((name) => name.startsWith(`TEMPORAL_TLS_CLIENT_${part}_`));
  if (has('CERT') === has('KEY')) return [];
  const other = has('CERT') ? 'KEY' : 'CERT';
  return [`TEMPORAL_TLS_CLIENT_${other}_PATH: set it too, a certificate and its key go together`];
}

function materialFaults(
  name: string,
  value: string,
  { is, what }: (typeof materials)[keyof typeof materials],
): string[] {
  let pem: Buffer;
  try {
    pem = name.endsWith('_PATH') ? readFileSync(value) : Buffer.from(value);
  } catch {
    return [`${name}: cannot read ${value}`];
  }
  try {
    is(pem);
    return [];
  } catch {
    return [`${name}: is no ${what}`];
  }
}
