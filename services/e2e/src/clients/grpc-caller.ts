import { credentials, loadPackageDefinition, Metadata, type ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { chatProto, metadataKeys } from '@parlance/proto';
import { testSecrets } from '../deployment/test-secrets.js';
import { noteSaid } from '../leaks/said-texts.js';

/** A backend that calls a chat service by gRPC, on behalf of a user or of nobody. */
export class GrpcCaller {
  private readonly client: LoadedClient;

  constructor(port: number) {
    const definition = loadPackageDefinition(loadSync(chatProto.path, chatProto.loader));
    const { ChatService } = (definition['chat'] as unknown as { v1: { ChatService: LoadedService } }).v1;
    this.client = new ChatService(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  /** Makes a unary call; rejects with the error of gRPC. Without a user `user-id` is left out. */
  call<Answer>(method: string, request: object, userId?: string): Promise<Answer> {
    noteSaid(request);
    const metadata = new Metadata();
    metadata.set(metadataKeys.authorization, `Bearer ${testSecrets.serviceCredential}`);
    if (userId !== undefined) metadata.set(metadataKeys.userId, userId);
    return new Promise((resolve, reject) => {
      const call = this.client[method];
      if (!call) throw new Error(`there is no method ${method}`);
      call.call(this.client, request, metadata, { deadline: Date.now() + 20_000 }, (error, answer) =>
        error ? reject(error) : resolve(answer as Answer),
      );
    });
  }

  /** Disconnects. */
  close(): void {
    this.client.close();
  }
}

type Method = (
  request: object,
  metadata: Metadata,
  options: { readonly deadline: number },
  done: (error: ServiceError | null, answer: unknown) => void,
) => void;

type LoadedClient = Readonly<Record<string, Method>> & { close(): void };

type LoadedService = new (address: string, security: ReturnType<typeof credentials.createInsecure>) => LoadedClient;
