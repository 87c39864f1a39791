import { apiExamples } from './api-examples.js';
import { documentSchemas, nameOf, refTo, usedBy } from './document-schemas.js';
import { failureResponses, responsesOf } from './failure-responses.js';
import { type HttpEntry, httpCatalogue, httpTags } from './http-catalogue.js';
import { type JsonSchema, withoutProperties } from './json-schema.js';

const pathParameter = {
  roomId: { schema: { $ref: '#/components/schemas/RoomId' }, example: 'tea' },
  userId: { schema: { $ref: '#/components/schemas/UserId' }, example: 'ben' },
};

/** The OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0) of everything under `/api/v1`. Pure. */
export function openApiDocument() {
  const paths: Record<string, Record<string, object>> = {};
  for (const entry of httpCatalogue) paths[entry.path] = { ...paths[entry.path], [entry.method]: operationOf(entry) };
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
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A token that your own backend signs, see docs/protocol.md.',
        },
      },
      responses: failureResponses,
      schemas: usedBy(described, schemas),
    },
  };
}

function operationOf(entry: HttpEntry) {
  const { name, tag, summary, path, bodies, bodyExample, answer, dataExample, isOpen } = entry;
  const refs = Object.keys(bodies ?? {}).map((body) => ({ $ref: `#/components/schemas/${body}` }));
  const schema = refs.length === 1 ? refs[0] : { oneOf: refs };
  const example = { success: true, data: dataExample, timestamp: apiExamples.time };
  return {
    operationId: name,
    tags: [tag],
    summary,
    description: descriptionOf(entry),
    ...(isOpen && { security: [] }),
    parameters: [...pathParameters(path), ...queryParameters(entry)],
    ...(bodies && {
      requestBody: { required: true, content: { 'application/json': { schema, example: bodyExample } } },
    }),
    responses: {
      200: { description: 'It happened.', content: { 'application/json': { schema: refTo(answer), example } } },
      ...responsesOf(entry),
    },
  };
}

function descriptionOf({ event, errors }: HttpEntry): string {
  const like = event === undefined ? 'HTTP only.' : `As the socket event \`${event}\`.`;
  return errors.length === 0 ? like : `${like} Errors of its own: ${errors.join(', ')}.`;
}

function pathParameters(path: string) {
  return namesInPath(path).map((name) => {
    const { schema, example } = pathParameter[name as keyof typeof pathParameter];
    return { name, in: 'path', required: true, schema, example };
  });
}

function queryParameters({ path, query }: HttpEntry) {
  if (query === undefined) return [];
  const { properties } = withoutProperties(schemaOf(query), namesInPath(path));
  return Object.entries(properties ?? {}).map(([name, schema]) => ({ name, in: 'query', schema }));
}

function bodySchemas(): Record<string, JsonSchema> {
  const bodies = httpCatalogue.flatMap(({ path, bodies: all = {} }) =>
    Object.entries(all).map(([name, body]) => [name, withoutProperties(schemaOf(body), namesInPath(path))] as const),
  );
  return Object.fromEntries(bodies);
}

function schemaOf(schema: Parameters<typeof nameOf>[0]): JsonSchema {
  return documentSchemas[nameOf(schema)] ?? {};
}

function namesInPath(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}
