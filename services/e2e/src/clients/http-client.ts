import type { Ack, AckFailure, AckSuccess } from '@parlance/proto';
import { noteSaid } from '../leaks/said-texts.js';
import { signToken } from './sign-token.js';

/** Plain HTTP requests of one user to one gateway. Paths are under `/api/v1`. */
export class HttpClient {
  private readonly headers: Readonly<Record<string, string>>;

  /** @param headers Beside or in place of a valid token of the user. */
  constructor(
    readonly url: string,
    readonly userId: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    this.headers = { authorization: `Bearer ${signToken(userId)}`, ...headers };
  }

  /** Makes a request and resolves with the whole answer. A body that is text goes as it is, anything else as JSON. */
  async request<Data>(method: HttpMethod, path: string, body?: unknown): Promise<HttpAnswer<Data>> {
    noteSaid(body);
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { ...this.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Ack<Data> };
  }

  /** Makes a request and resolves with the envelope of its success; rejects with a readable error when it failed. */
  async page<Data>(method: HttpMethod, path: string, body?: unknown): Promise<AckSuccess<Data>> {
    const { status, body: ack } = await this.request<Data>(method, path, body);
    if (ack.success && status === 200) return ack;
    throw new Error(`${method} ${path}: ${status} ${JSON.stringify(ack).slice(0, 500)}`);
  }

  /** Makes a request and resolves with the data of its success; rejects with a readable error when it failed. */
  async ask<Data>(method: HttpMethod, path: string, body?: unknown): Promise<Data> {
    return (await this.page<Data>(method, path, body)).data;
  }

  /** Makes a request and expects a refusal. */
  async refused(method: HttpMethod, path: string, body?: unknown): Promise<HttpRefusal> {
    const { status, headers, body: ack } = await this.request(method, path, body);
    if (ack.success) throw new Error(`${method} ${path} was accepted`);
    return { status, error: ack.error, retryAfter: headers.get('retry-after') };
  }
}

/** Methods of the HTTP rows. */
export type HttpMethod = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** An answer as it came. */
export interface HttpAnswer<Data> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Ack<Data>;
}

/** What is to know of a refusal. */
export interface HttpRefusal {
  readonly status: number;
  readonly error: AckFailure['error'];
  /** The header `Retry-After`, seconds. */
  readonly retryAfter: string | null;
}
