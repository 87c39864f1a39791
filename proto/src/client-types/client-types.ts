import { typeNames } from '../operations/entities/type-names.js';
import { operationList } from '../operations/operations.js';
import { namedSchemas } from '../operations/schema-names.js';
import { serverEvents } from '../operations/server-events.js';
import { comment, declaration, indent, typeOf } from './type-text.js';

const head = `// Made of the schemas of src/operations by \`make generate\`. Do not edit.

import type { ErrorOutcome } from '../../errors/chat-error.js';
import type { ErrorReason } from '../../errors/error-reason.js';
`;

/** The types of what clients send and receive as a TypeScript module, which needs no schema library. Pure. */
export function clientTypes(): string {
  const declarations = Object.values(namedSchemas).flatMap((schema) => {
    const type = typeNames.has(schema) ? typeNames.get(schema) : undefined;
    return type === undefined || type.isDeclaredElsewhere ? [] : [declaration(type.name, schema)];
  });
  const requests = operationList
    .filter(({ event }) => event !== undefined)
    .map(({ name, summary, payload, answer }) => {
      const parts = `payload: ${typeOf(payload, 2)};\n${indent(2)}readonly data: ${typeOf(answer.shape.data, 2)};`;
      return `${comment(summary, 1)}${indent(1)}readonly ${name}: {\n${indent(2)}readonly ${parts}\n${indent(1)}};\n`;
    });
  const events = Object.entries(serverEvents).map(
    ([name, { summary, payload }]) => `${comment(summary, 1)}${indent(1)}readonly ${name}: ${typeOf(payload, 1)};\n`,
  );
  return [
    head,
    ...declarations,
    `/** Payload and ack data of every client event. */\nexport interface ClientRequests {\n${requests.join('')}}\n`,
    `/** What every server event tells. */\nexport interface ServerPayloads {\n${events.join('')}}\n`,
  ].join('\n');
}
