import { closeRequest } from './close-request.ts';
import { createDefinitionCollector, type DefinitionCollector } from './collect-definitions.ts';
import type { JsonSchema } from './json-schema.ts';
import {
  followReference,
  type OpenApiContent,
  type OpenApiDocument,
  type OpenApiOperation,
  type OpenApiParameter,
} from './open-api.ts';
import { correctedListItems, generalErrorStatuses, operationIds, textOperationIds } from './operations.ts';
import { shareRepeats } from './share-repeats.ts';
import type { RestSlice, SliceOperation } from './slice.ts';

type Place = { method: string; path: string; operation: OpenApiOperation };
type Slicing = Place & { document: OpenApiDocument; collector: DefinitionCollector };

export function cutRest(document: OpenApiDocument): Omit<RestSlice, 'from' | 'notice'> {
  const places = new Map<string, Place>();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      places.set(operation.operationId, { method: method.toUpperCase(), path, operation });
    }
  }
  const collector = createDefinitionCollector(document.components.schemas);
  collector.add('general-error', generalError(collector));
  const operations = operationIds.map((id) => {
    const place = places.get(id);
    if (place === undefined) throw new Error(`GitHub's schemas have no operation ${id}`);
    return cutOperation({ ...place, document, collector });
  });
  return { operations, generalErrorStatuses, $defs: shareRepeats(collector.definitions) };
}

function cutOperation(slicing: Slicing): SliceOperation {
  const { operation, document, collector } = slicing;
  const name = (part: string): string => `${operation.operationId.replace('/', '.')}.${part}`;
  const parameters = operation.parameters.map((item) => followReference(item, document.components.parameters));
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  collector.add(name('path'), parameterSchema(inPath, collector));
  collector.add(
    name('query'),
    parameterSchema(
      parameters.filter((parameter) => parameter.in === 'query'),
      collector,
    ),
  );

  const body = operation.requestBody && jsonSchemaOf(operation.requestBody.content);
  if (body) collector.add(name('body'), closeRequest(collector.prepare(body), collector.resolve));

  const responses: Record<string, string | null> = {};
  for (const [status, item] of Object.entries(operation.responses)) {
    const response = followReference(item, document.components.responses);
    const published = response.content && jsonSchemaOf(response.content);
    const schema = status === '200' ? (correctionOf(operation.operationId) ?? published) : published;
    // A documented 404 without a body is silent about it; GitHub sends its general error there too.
    if (schema === undefined && generalErrorStatuses.includes(Number(status))) continue;
    responses[status] = schema === undefined ? null : name(status);
    if (schema) collector.add(name(status), collector.prepare(schema));
  }
  return {
    id: operation.operationId,
    method: slicing.method,
    path: slicing.path,
    multiSegment: inPath.filter((parameter) => parameter['x-multi-segment']).map((parameter) => parameter.name),
    text: textOperationIds.includes(operation.operationId),
    pathParameters: name('path'),
    queryParameters: name('query'),
    ...(body && { body: { schema: name('body'), required: operation.requestBody?.required ?? false } }),
    responses,
  };
}

function parameterSchema(parameters: readonly OpenApiParameter[], collector: DefinitionCollector): JsonSchema {
  const required = parameters.filter((parameter) => parameter.required).map((parameter) => parameter.name);
  return {
    type: 'object',
    properties: Object.fromEntries(
      parameters.map((parameter) => [parameter.name, collector.prepare(parameter.schema)]),
    ),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

function correctionOf(operationId: string): JsonSchema | undefined {
  const item = correctedListItems[operationId];
  return item === undefined ? undefined : { type: 'array', items: { $ref: `#/components/schemas/${item}` } };
}

/** Several JSON media types (contents of a file or of a folder) become alternatives. */
function jsonSchemaOf(content: OpenApiContent): JsonSchema | undefined {
  const schemas = Object.entries(content).flatMap(([mediaType, entry]) =>
    isGithubJson(mediaType) && entry.schema ? [entry.schema] : [],
  );
  return schemas.length > 1 ? { anyOf: schemas } : schemas[0];
}

function isGithubJson(mediaType: string): boolean {
  return mediaType === 'application/json' || mediaType.startsWith('application/vnd.github.object');
}

/** The published error schema requires nothing; every error GitHub sends has a message. */
function generalError(collector: DefinitionCollector): JsonSchema {
  return { ...collector.resolve('#/$defs/basic-error'), required: ['message'] };
}
