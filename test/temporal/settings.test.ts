import { expect, it } from '@jest/globals';
import { ConfigurationError } from '../../src/config.ts';
import { loadTemporalSettings } from '../../src/temporal/settings.ts';
import { privateKey } from '../support/private-key.ts';

function temporalFaults(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadTemporalSettings({ TEMPORAL_CONFIG_FILE: '/no/such.toml', ...env });
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
  return [];
}

it.each(['temporal.example.com', 'temporal:7233', '10.0.0.7:7233', '[::1]:7233', '[2001:db8::1]'])(
  'accepts %s as the address',
  (TEMPORAL_ADDRESS) => expect(temporalFaults({ TEMPORAL_ADDRESS })).toEqual([]),
);

it.each(['no port here', 'host:port', 'host:99999', ':7233', '::1:7233', 'http://host:7233', 'host:7233/'])(
  'rejects %s as the address',
  (TEMPORAL_ADDRESS) =>
    expect(temporalFaults({ TEMPORAL_ADDRESS })).toEqual([
      `TEMPORAL_ADDRESS: "${TEMPORAL_ADDRESS}" must be a host and a port such as 127.0.0.1:7233 or [::1]:7233`,
    ]),
);

it.each([
  ['CLIENT_CERT_PATH', '/no/such.pem', 'cannot read /no/such.pem'],
  ['CLIENT_CERT_PATH', 'package.json', 'is no certificate in PEM form'],
  ['CLIENT_CERT_DATA', privateKey, 'is no certificate in PEM form'],
  ['CLIENT_KEY_PATH', 'package.json', 'is no private key in PEM form'],
  ['SERVER_CA_CERT_PATH', '/no/such.pem', 'cannot read /no/such.pem'],
  ['SERVER_CA_CERT_DATA', 'nothing', 'is no certificate in PEM form'],
])('reports a fault of TEMPORAL_TLS_%s by its name: %s', (part, value, fault) => {
  const name = `TEMPORAL_TLS_${part}`;
  expect(temporalFaults({ [name]: value })).toEqual([`${name}: ${fault}`]);
});

it('reports a setting in two forms, and half a pair', () => {
  expect(
    temporalFaults({ TEMPORAL_TLS_CLIENT_KEY_PATH: 'key.pem', TEMPORAL_TLS_CLIENT_KEY_DATA: privateKey }),
  ).toEqual(['TEMPORAL_TLS_CLIENT_KEY_DATA: is set beside TEMPORAL_TLS_CLIENT_KEY_PATH: unset one of them']);
  expect(temporalFaults({ TEMPORAL_TLS_CLIENT_KEY_DATA: privateKey })).toEqual([
    'TEMPORAL_TLS_CLIENT_CERT_PATH: set it too, a certificate and its key go together',
  ]);
});
