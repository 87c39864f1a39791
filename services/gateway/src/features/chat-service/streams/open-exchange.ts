import {
  type CallOptions,
  type ChannelOptions,
  type Client,
  type ClientDuplexStream,
  type GrpcObject,
  loadPackageDefinition,
  Metadata,
  type ServiceClientConstructor,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { chatProto, type ExchangeRequest, type ExchangeResponse, metadataKeys } from '@parlance/proto';
import {
  credentialRefused,
  type ExchangeConnection,
  type ExchangeEvents,
  type OpenExchange,
} from './exchange-connection.js';
import type { PodCredentials } from './pod-credentials.js';

const channelOptions: ChannelOptions = {
  'grpc.keepalive_time_ms': 5_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.keepalive_permit_without_calls': 1,
  // A pod that begins to listen is met soon after; an attempt lasts 3 s.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.service_config_disable_resolution': 1,
  // Transparent retries would keep a copy of every frame; the pool repeats calls itself.
  'grpc.enable_retries': 0,
  'grpc.enable_http_proxy': 0,
  // Frames have at most `limits.frameBytes`; a single result may be larger: all rooms of a user, all revocations.
  'grpc.max_receive_message_length': 64 * 1024 * 1024,
  'grpc-node.flow_control_window': 1024 * 1024,
};

/**
 * Makes the opener of gRPC streams that carry `serviceCredential`, over connections with the credentials of pods. Each attempt has a channel of its own, so nothing of
 * a broken one is kept; a peer that answers no ping for 5 s ends its stream, at the latest 10 s after it went silent.
 */
export function createOpenExchange(serviceCredential: string, pods: PodCredentials, now: () => number): OpenExchange {
  const ChatServiceClient = loadClient();
  const metadata = new Metadata();
  metadata.set(metadataKeys.authorization, `Bearer ${serviceCredential}`);
  return (address, events) => {
    const options = { ...channelOptions, ...pods.options };
    const client = new ChatServiceClient(address, pods.channel, options) as unknown as ExchangeClient;
    return new GrpcExchange(client, metadata, events, now);
  };
}

const connectTimeoutMs = 3_000;
const explainTimeoutMs = 200;

class GrpcExchange implements ExchangeConnection {
  private stream: ClientDuplexStream<ExchangeRequest, ExchangeResponse> | undefined;
  private over = false;

  constructor(
    private readonly client: ExchangeClient,
    metadata: Metadata,
    private readonly events: ExchangeEvents,
    private readonly now: () => number,
  ) {
    client.waitForReady(now() + connectTimeoutMs, (error) => {
      if (this.over) return;
      if (error) this.explain(metadata);
      else this.start(metadata);
    });
  }

  write(frame: ExchangeRequest): void {
    this.stream?.write(frame);
  }

  close(): void {
    if (this.over) return;
    this.over = true;
    this.stream?.end();
    this.client.close();
  }

  private start(metadata: Metadata): void {
    const stream = this.client.exchange(metadata);
    this.stream = stream;
    stream.on('data', ({ results, eventsFailing, leaving }: ExchangeResponse) => {
      if (this.over) return;
      this.events.onPodState({ eventsFailing, leaving });
      if (results.length > 0) this.events.onResults(results);
    });
    stream.on('metadata', () => this.over || this.events.onUp());
    stream.on('error', (error: ServiceError) =>
      this.end(error.code === status.UNAUTHENTICATED ? credentialRefused : error.message),
    );
    stream.on('end', () => this.end('ended by the chat service'));
  }

  /** Only a call is told why there is no connection, such as a certificate that was refused. */
  private explain(metadata: Metadata): void {
    const call = this.client.exchange(metadata, { deadline: this.now() + explainTimeoutMs });
    call.on('data', () => {});
    call.once('error', ({ details }: ServiceError) => {
      const [, why] = /Last error: (?:Error: )?(.*?)(?: \(\d{4}-|\. Resolution note|$)/.exec(details) ?? [];
      this.end(['no connection', why].filter((part) => part !== undefined && part !== 'null').join(': '));
    });
  }

  private end(reason: string): void {
    if (this.over) return;
    this.over = true;
    this.stream?.cancel();
    this.client.close();
    this.events.onEnd(reason);
  }
}

type ExchangeClient = Client & {
  exchange(metadata: Metadata, options?: CallOptions): ClientDuplexStream<ExchangeRequest, ExchangeResponse>;
};

function loadClient(): ServiceClientConstructor {
  const definition = loadSync(chatProto.path, { ...chatProto.loader, includeDirs: [...chatProto.loader.includeDirs] });
  const inner = chatProto.package
    .split('.')
    .reduce<GrpcObject>((object, name) => object[name] as GrpcObject, loadPackageDefinition(definition));
  return inner[chatProto.service] as ServiceClientConstructor;
}
