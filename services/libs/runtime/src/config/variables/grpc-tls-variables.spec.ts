import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineConfig } from '../declaration/define-config.js';
import { readConfig } from '../declaration/read-config.js';
import { grpcTlsIsComplete, grpcTlsVariables } from './grpc-tls-variables.js';

const definition = defineConfig('example', grpcTlsVariables, { rules: [grpcTlsIsComplete] });

describe('the files of gRPC with TLS', () => {
  let folder: string;
  let cert: string;
  let key: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'parlance-pem-'));
    cert = join(folder, 'tls.crt');
    key = join(folder, 'tls.key');
    writeFileSync(cert, '-----BEGIN CERTIFICATE-----\n');
    writeFileSync(key, '-----BEGIN EC PRIVATE KEY-----\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const faults = (env: Record<string, string>) => {
    const read = readConfig(definition, env);
    return read.ok ? [] : read.faults;
  };

  it('are all given, or none', () => {
    expect(faults({})).toEqual([]);
    expect(faults({ GRPC_TLS_CA_FILE: cert, GRPC_TLS_CERT_FILE: cert, GRPC_TLS_KEY_FILE: key })).toEqual([]);
    expect(faults({ GRPC_TLS_CERT_FILE: cert }).map(({ env }) => env)).toEqual([
      'GRPC_TLS_CA_FILE',
      'GRPC_TLS_KEY_FILE',
    ]);
  });

  it('are refused with the path when they cannot be what they should be', () => {
    expect(faults({ GRPC_TLS_CA_FILE: key, GRPC_TLS_CERT_FILE: '/none/x', GRPC_TLS_KEY_FILE: 'tls.key' })).toEqual([
      { env: 'GRPC_TLS_CA_FILE', message: `holds no CERTIFICATE (PEM): ${key}` },
      { env: 'GRPC_TLS_CERT_FILE', message: 'cannot be read: /none/x: ENOENT' },
      { env: 'GRPC_TLS_KEY_FILE', message: 'must be the absolute path of a file' },
    ]);
  });
});
