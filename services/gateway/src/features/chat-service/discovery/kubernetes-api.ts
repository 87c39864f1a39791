import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { createInterface } from 'node:readline';

const mounted = '/var/run/secrets/kubernetes.io/serviceaccount';

/** What Kubernetes gives to every pod that has a service account. */
const podAccount: ServiceAccount = {
  server: 'https://kubernetes.default.svc',
  tokenFile: `${mounted}/token`,
  authorityFile: `${mounted}/ca.crt`,
  namespaceFile: `${mounted}/namespace`,
};

/**
 * Reads from the Kubernetes API as the service account of this pod: one answer, or lines as they come. Two requests are all
 * the gateway asks, so Kubernetes' own client (65 MB) is not in its image. The token is read anew for each request, since
 * the kubelet replaces it.
 */
export class KubernetesApi {
  constructor(private readonly account: ServiceAccount = podAccount) {}

  /** The namespace of this pod. Rejects outside a pod. */
  async namespace(): Promise<string> {
    return (await readFile(this.account.namespaceFile, 'utf8')).trim();
  }

  /** One answer as JSON. Rejects when there is none within 5 s, or another status than 200 (`KubernetesRefusal`). */
  async get(path: string, signal: AbortSignal): Promise<unknown> {
    const response = await this.ask(path, AbortSignal.any([signal, AbortSignal.timeout(5_000)]));
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  }

  /** Hands each line of the answer on as JSON; resolves when the server ends it. Ends at the latest when `signal` aborts. */
  async watch(path: string, signal: AbortSignal, onChange: (change: unknown) => void): Promise<void> {
    const response = await this.ask(path, signal);
    for await (const line of createInterface({ input: response })) if (line !== '') onChange(JSON.parse(line));
  }

  private async ask(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    const { server, tokenFile, authorityFile } = this.account;
    const [token, ca] = await Promise.all([readFile(tokenFile, 'utf8'), readFile(authorityFile, 'utf8')]);
    const headers = { authorization: `Bearer ${token.trim()}`, accept: 'application/json' };
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    request(new URL(path, server), { ca, headers, signal, agent: false }, resolve).once('error', reject).end();
    const response = await promise;
    if (response.statusCode === 200) return response;
    response.destroy();
    throw new KubernetesRefusal(response.statusCode ?? 0);
  }
}

/** The API answered with another status than 200. */
class KubernetesRefusal extends Error {
  constructor(readonly statusCode: number) {
    super(
      statusCode === 403 ? 'the service account may not do that (403)' : `the Kubernetes API answers ${statusCode}`,
    );
    this.name = 'KubernetesRefusal';
  }
}

/** Where the API is and who asks. */
export interface ServiceAccount {
  /** Base URL. */
  readonly server: string;
  readonly tokenFile: string;
  /** Certificates of the authority that signed the API server's. */
  readonly authorityFile: string;
  readonly namespaceFile: string;
}
