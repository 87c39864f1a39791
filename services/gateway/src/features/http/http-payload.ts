import { ChatError, isPlainObject } from '@parlance/proto';
import type { HttpRoute } from '@parlance/proto/operations';
import type { z } from 'zod';

/** The payload of an operation, put together of the parts of an HTTP request as its socket event has it. Pure. */
export class HttpPayload {
  private readonly inPath: readonly string[];
  private readonly numbers: ReadonlySet<string>;
  private readonly isAllInPath: boolean;

  /** @param schema The payload's; an object, whatever else it refines. */
  constructor(
    private readonly route: HttpRoute,
    schema: z.ZodType,
  ) {
    const { shape } = schema as z.ZodObject<Readonly<Record<string, z.ZodType>>>;
    const fields = Object.entries(shape);
    this.inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    this.numbers = new Set(fields.filter(([, field]) => takesNumbers(field)).map(([name]) => name));
    this.isAllInPath = fields.every(([name]) => this.inPath.includes(name));
  }

  /** @throws ChatError INVALID_MESSAGE when there is no body where one is needed, or it names what the path names. */
  of(request: RequestParts): unknown {
    const { params } = request;
    return this.inPath.reduce((payload, name) => withPart(name, params[name] ?? '', payload), this.beside(request));
  }

  /** What does not stand in the path. */
  private beside({ query, body }: RequestParts): unknown {
    const { method, single } = this.route;
    if (method === 'get') return this.withNumbers(query);
    if (method === 'delete' || (body === undefined && this.isAllInPath)) return {};
    return withBody(single ? withList(body, single) : body);
  }

  /** Query parameters, those that can be numbers as numbers; what is not written in digits stays text. */
  private withNumbers(query: Readonly<Record<string, unknown>>): unknown {
    return Object.fromEntries(
      Object.entries(query).map(([name, value]) => [
        name,
        this.numbers.has(name) && isDigits(value) ? Number(value) : value,
      ]),
    );
  }
}

/** What Express has read of a request. */
export interface RequestParts {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/**
 * The body of a request that needs one.
 *
 * @throws ChatError INVALID_MESSAGE when there is none, saying how to send one.
 */
export function withBody(body: unknown): unknown {
  if (body !== undefined) return body;
  const message = 'The body is missing: send a JSON object with the header "content-type: application/json".';
  throw new ChatError('INVALID_MESSAGE', { message });
}

/** A body together with a part of the path. The body must not name it itself. */
function withPart(name: string, value: string, body: unknown): unknown {
  if (!isPlainObject(body)) return body;
  if (Object.hasOwn(body, name))
    throw new ChatError('INVALID_MESSAGE', { message: `The payload: unknown field ${name}: the path names it.` });
  return { ...body, [name]: value };
}

/** A body that names one as one that names a list of one; any other body as it is. */
function withList(body: unknown, { field, of }: NonNullable<HttpRoute['single']>): unknown {
  if (!isPlainObject(body) || !Object.hasOwn(body, field) || Object.hasOwn(body, of)) return body;
  const { [field]: one, ...rest } = body;
  return { ...rest, [of]: [one] };
}

function takesNumbers(schema: z.ZodType): boolean {
  const {
    type,
    innerType,
    in: piped,
    options = [],
  } = schema._zod.def as {
    readonly type: string;
    readonly innerType?: z.ZodType;
    readonly in?: z.ZodType;
    readonly options?: readonly z.ZodType[];
  };
  return (
    type === 'number' || [innerType, piped, ...options].some((inner) => inner !== undefined && takesNumbers(inner))
  );
}

function isDigits(value: unknown): boolean {
  return typeof value === 'string' && /^\d{1,16}$/.test(value);
}
