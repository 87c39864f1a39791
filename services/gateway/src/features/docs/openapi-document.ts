import { type ErrorReason, errorTable } from '@parlance/proto';
import { answerSchemas } from './answer-schemas.js';
import { apiExamples } from './api-examples.js';
import { type HttpEntry, httpCatalogue } from './http-catalogue.js';
import { type JsonSchema, successOf, toJsonSchema } from './json-schema.js';

/** The OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0) of everything under `/api/v1`. Pure. */
export function openApiDocument() {
  const paths: Record<string, Record<string, object>> = {};
  for (const entry of httpCatalogue) paths[entry.path] = { ...paths[entry.path], [entry.method]: operationOf(entry) };
  return {
    openapi: '3.1.0',
    info: { title: 'Parlance HTTP API', version: '1', description: 'The same operations as the socket events.' },
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Failure: toJsonSchema(answerSchemas.failure) },
    },
  };
}

function operationOf({ name, summary, path, query, body, bodyExample, data, dataExample, isOpen }: HttpEntry) {
  const example = { success: true, data: dataExample, timestamp: apiExamples.time };
  return {
    operationId: name,
    summary,
    ...(isOpen ? {} : { security: [{ token: [] }] }),
    parameters: [...pathParameters(path), ...queryParameters(query)],
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: body, example: bodyExample } } },
    }),
    responses: {
      200: {
        description: 'It happened.',
        content: { 'application/json': { schema: successOf(toJsonSchema(data)), example } },
      },
      default: {
        description: `It did not, or may have: ${errorList()}.`,
        content: {
          'application/json': { schema: { $ref: '#/components/schemas/Failure' }, example: apiExamples.failure },
        },
      },
    },
  };
}

function pathParameters(path: string) {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', pattern: '^[A-Za-z0-9_.:-]{1,128}$' },
  }));
}

function queryParameters(query: JsonSchema | undefined) {
  return Object.entries(query?.properties ?? {}).map(([name, schema]) => ({ name, in: 'query', schema }));
}

function errorList(): string {
  return (Object.keys(errorTable) as ErrorReason[])
    .map((reason) => `${reason} (${errorTable[reason].httpStatus})`)
    .join(', ');
}
