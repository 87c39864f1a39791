import { answerSchemas } from './answer-schemas.js';
import { apiExamples } from './api-examples.js';
import { successOf, toJsonSchema } from './json-schema.js';
import { clientCatalogue, serverCatalogue } from './socket-catalogue.js';

/**
 * The AsyncAPI 3.0 document (https://www.asyncapi.com/docs/reference/specification/v3.0.0) of the events on the
 * Socket.IO namespace `/chat`, from the gateway's side: it receives client events and sends server events. Pure.
 */
export function asyncApiDocument() {
  const messages: Record<string, object> = {};
  const operations: Record<string, object> = {};
  for (const [name, { summary, payload, payloadExample, data, dataExample }] of Object.entries(clientCatalogue)) {
    const ack = { success: true, data: dataExample, timestamp: apiExamples.time };
    const answer = { oneOf: [successOf(toJsonSchema(data)), toJsonSchema(answerSchemas.failure)] };
    messages[name] = { name, summary, payload: toJsonSchema(payload), examples: [{ payload: payloadExample }] };
    messages[`${name}Ack`] = { name: `ack of ${name}`, payload: answer, examples: [{ payload: ack }] };
    operations[name] = {
      action: 'receive',
      channel,
      messages: [refTo(name)],
      reply: { channel, messages: [refTo(`${name}Ack`)] },
    };
  }
  for (const [name, { summary, payload, payloadExample }] of Object.entries(serverCatalogue)) {
    const key = `${name}Event`;
    messages[key] = { name, summary, payload: toJsonSchema(payload), examples: [{ payload: payloadExample }] };
    operations[key] = { action: 'send', channel, messages: [refTo(key)] };
  }
  return {
    asyncapi: '3.0.0',
    info: { title: 'Parlance socket events', version: '1', description: 'Socket.IO 4, namespace /chat.' },
    channels: { chat: { address: '/chat', messages } },
    operations,
  };
}

const channel = { $ref: '#/channels/chat' };

function refTo(message: string) {
  return { $ref: `#/channels/chat/messages/${message}` };
}
