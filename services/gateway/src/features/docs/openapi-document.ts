import {
  capitalised,
  examples,
  type HttpRoute,
  httpTags,
  type NamedOperation,
  operationList,
} from '@parlance/proto/operations';
import type { z } from 'zod';
import { bearerToken, documentSchemas, nameOf, refTo, usedBy } from './document-schemas.js';
import { failureResponses, responsesOf } from './failure-responses.js';
import { type JsonSchema, withoutProperties } from './json-schema.js';

const pathParameter = {
  roomId: { schema: { $ref: '#/components/schemas/RoomId' }, example: 'tea' },
  userId: { schema: { $ref: '#/components/schemas/UserId' }, example: 'ben' },
};

const routed = operationList.flatMap(({ http, ...operation }) => (http ? [{ ...operation, http }] : []));

/** The OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0) of everything under `/api/v1`. Pure. */
export function openApiDocument() {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of routed) {
    const { path, method } = operation.http;
    paths[path] = { ...paths[path], [method]: operationOf(operation) };
  }
  const described = { paths, responses: failureResponses };
  const schemas = { ...documentSchemas, ...bodySchemas() };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Parlance HTTP API',
      version: '1',
      description: 'The same operations as the socket events, with the same envelope, rules and errors.',
      license: { name: 'Apache License 2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      { url: '/', description: 'The gateway that serves this document.' },
      { url: 'http://127.0.0.1:3000', description: 'The gateway of make up.' },
    ],
    security: [{ token: [] }],
    tags: Object.entries(httpTags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: { token: bearerToken('A token that your own backend signs, see docs/protocol.md.') },
      responses: failureResponses,
      schemas: usedBy(described, schemas),
    },
  };
}

type RoutedOperation = NamedOperation & { readonly http: HttpRoute };

function operationOf(operation: RoutedOperation) {
  const { name, summary, answer, example, http } = operation;
  const refs = Object.keys(bodiesOf(operation)).map((body) => ({ $ref: `#/components/schemas/${body}` }));
  const schema = refs.length === 1 ? refs[0] : { oneOf: refs };
  const bodyExample = without(example.payload, namesInPath(http.path));
  const answered = { success: true, data: example.data, timestamp: examples.time };
  return {
    operationId: name,
    tags: [http.tag],
    summary,
    description: descriptionOf(operation),
    ...(http.isOpen && { security: [] }),
    parameters: [...pathParameters(http.path), ...queryParameters(operation)],
    ...(refs.length > 0 && {
      requestBody: { required: true, content: { 'application/json': { schema, example: bodyExample } } },
    }),
    responses: {
      200: {
        description: 'It happened.',
        content: { 'application/json': { schema: refTo(answer), example: answered } },
      },
      ...responsesOf(operation, refs.length > 0),
    },
  };
}

function descriptionOf({ name, event, errors }: NamedOperation): string {
  const like = event === undefined ? 'HTTP only.' : `As the socket event \`${name}\`.`;
  return errors.length === 0 ? like : `${like} Errors of its own: ${errors.join(', ')}.`;
}

function pathParameters(path: string) {
  return namesInPath(path).map((name) => {
    const { schema, example } = pathParameter[name as keyof typeof pathParameter];
    return { name, in: 'path', required: true, schema, example };
  });
}

function queryParameters({ payload, http: { method, path } }: RoutedOperation) {
  if (method !== 'get') return [];
  const { properties } = withoutProperties(schemaOf(payload), namesInPath(path));
  return Object.entries(properties ?? {}).map(([name, schema]) => ({ name, in: 'query', schema }));
}

/** What a body may be, by the names of the document: the payload without what the path names. */
function bodiesOf({ name, payload, http: { method, path, single } }: RoutedOperation): Record<string, JsonSchema> {
  const body = withoutProperties(schemaOf(payload), namesInPath(path));
  const { properties = {} } = body;
  if (method === 'get' || method === 'delete' || Object.keys(properties).length === 0) return {};
  const bodies = { [`${capitalised(name)}Request`]: body };
  if (single === undefined) return bodies;
  const { [single.of]: list, ...rest } = properties;
  const required = body.required?.map((field) => (field === single.of ? single.field : field));
  const one = { ...body, properties: { ...rest, [single.field]: list?.['items'] as JsonSchema }, required };
  return { ...bodies, [single.body]: one as JsonSchema };
}

function bodySchemas(): Record<string, JsonSchema> {
  return Object.assign({}, ...routed.map(bodiesOf)) as Record<string, JsonSchema>;
}

function schemaOf(schema: z.ZodType): JsonSchema {
  return documentSchemas[nameOf(schema)] ?? {};
}

function without(value: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

function namesInPath(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}
