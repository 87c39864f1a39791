import { commonErrors, examples, Failure, operationList, serverEvents } from '@parlance/proto/operations';
import { bearerToken, documentSchemas, nameOf, refTo, usedBy } from './document-schemas.js';

const channel = { $ref: '#/channels/chat' };

/**
 * The AsyncAPI 3.0 document (https://www.asyncapi.com/docs/reference/specification/v3.0.0) of the events on the
 * Socket.IO namespace `/chat`, from the gateway's side: it receives client events and sends server events. Pure.
 */
export function asyncApiDocument() {
  const messages: Record<string, ShownMessage> = {};
  const operations: Record<string, object> = {};
  for (const { name, event, summary, payload, answer, example, errors } of operationList) {
    if (event === undefined) continue;
    const ack = ackOf(answer);
    messages[name] = { name, summary, payload: refTo(payload), examples: [{ payload: example.payload }] };
    messages[ack] = {
      name: ack,
      summary: 'What the ack function is called with.',
      payload: { oneOf: [refTo(answer), refTo(Failure)] },
      examples: [{ payload: { success: true, data: example.data, timestamp: examples.time } }],
    };
    operations[name] = {
      action: 'receive',
      channel,
      summary,
      description: `Can fail with ${[...errors, ...commonErrors].join(', ')}.`,
      messages: [messageOfChannel(name)],
      reply: { channel, messages: [messageOfChannel(ack)] },
    };
  }
  for (const [name, { summary, payload, example }] of Object.entries(serverEvents)) {
    const key = `${name}Event`;
    messages[key] = { name, summary, payload: refTo(payload), examples: [{ payload: example }] };
    operations[key] = { action: 'send', channel, summary, messages: [messageOfChannel(key)] };
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Parlance socket events',
      version: '1',
      description:
        "From the gateway's side: what it receives, a client emits; what it sends, a client is told. Each client event takes one object and an ack function, which is called with the answer.",
      license: { name: 'Apache License 2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: { local: server('127.0.0.1:3000', 'ws', 'Socket.IO 4 of the gateway of make up.') },
    channels: {
      chat: {
        address: '/chat',
        title: 'The namespace of Socket.IO',
        description: 'What its client takes as the path of an address; `/` refuses every connection.',
        messages: Object.fromEntries(Object.keys(messages).map((key) => [key, refOf('messages', key)])),
      },
    },
    operations,
    components: {
      securitySchemes: { token: bearerToken('In `auth.token` of the handshake, or in the header Authorization.') },
      messages,
      schemas: usedBy(messages, documentSchemas),
    },
  };
}

interface ShownMessage {
  readonly name: string;
  readonly summary: string;
  readonly payload: object;
  readonly examples: readonly { readonly payload: unknown }[];
}

/** Acks with the same answer are one message. */
function ackOf(answer: Parameters<typeof nameOf>[0]): string {
  return `${nameOf(answer).replace(/Response$/, '')}Ack`;
}

function messageOfChannel(name: string) {
  return { $ref: `#/channels/chat/messages/${name}` };
}

function refOf(kind: string, name: string) {
  return { $ref: `#/components/${kind}/${name}` };
}

function server(host: string, protocol: string, description: string) {
  return {
    host,
    protocol,
    pathname: '/socket.io/',
    description,
    security: [refOf('securitySchemes', 'token')],
  };
}
