import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { demandPorts } from '../ports/demand-ports.js';
import type { ServerNode } from '../process/server-node.js';
import { type ServerOptions, startServerNode } from '../process/start-server-node.js';
import { findVersitygw, howToGetVersitygw } from './find-versitygw.js';

const accessKeyId = 'demo-access-key';
const secretAccessKey = 'demo-secret-access-key';

/** Starts a real S3 server (versitygw) on 127.0.0.1 with one empty bucket. Throws when there is none to be found. */
export async function startS3(options: ServerOptions): Promise<S3Server> {
  const path = await findVersitygw();
  if (path === undefined) throw new Error(howToGetVersitygw);
  const [port] = await demandPorts(options.ports, 1, 'S3');
  if (port === undefined) throw new Error('no port for S3');
  const bucket = 'archive';
  await mkdir(join(options.dataDir, 's3', bucket), { recursive: true });
  const node = await startServerNode(
    {
      name: 's3',
      binary: { path },
      port,
      args: (dataDir) => ['--quiet', '--port', `127.0.0.1:${port}`, 'posix', dataDir],
    },
    { ...options, env: { ...options.env, ROOT_ACCESS_KEY: accessKeyId, ROOT_SECRET_KEY: secretAccessKey } },
    options.readyTimeoutMs ?? 60_000,
  );
  return {
    node,
    bucket,
    endpoint: `http://${node.address}`,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
    stop: () => node.stop(),
  };
}

/** A running S3 server. */
export interface S3Server {
  /** Its process; objects are files under `dataDir/BUCKET`. */
  readonly node: ServerNode;
  readonly bucket: string;
  /** "http://127.0.0.1:21234". Buckets stand in the path. */
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  stop(): Promise<void>;
}
