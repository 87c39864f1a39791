import type { z } from 'zod';
import { typeNames } from '../operations/entities/type-names.js';

const lineWidth = 120;

/**
 * The declaration of an exported type of a zod schema, from the side of who writes what it takes: everything `readonly`,
 * descriptions as doc comments. Pure.
 */
export function declaration(name: string, schema: z.ZodType): string {
  const type = unnamed(schema, 0);
  const isInterface = type.startsWith('{') && schema._zod.def.type === 'object';
  const head = isInterface ? `export interface ${name} ` : `export type ${name} = `;
  return `${comment(schema.description, 0)}${head}${type}${isInterface ? '' : ';'}\n`;
}

/** A schema where a type is expected, at a depth of indentation. */
export function typeOf(schema: z.ZodType, depth: number): string {
  return nameOf(schema) ?? unnamed(schema, depth);
}

/** What a schema with a description of its own was made of has its name too. */
function nameOf(schema: z.ZodType): string | undefined {
  return typeNames.get(schema)?.name;
}

function unnamed(schema: z.ZodType, depth: number): string {
  const def = schema._zod.def as unknown as SchemaDef;
  switch (def.type) {
    case 'string':
    case 'number':
    case 'boolean':
      return def.type;
    case 'int':
      return 'number';
    case 'literal':
      return def.values.map(constant).join(' | ');
    case 'enum':
      return Object.values(def.entries).map(constant).join(' | ');
    case 'array':
      return `readonly ${inParentheses(typeOf(def.element, depth))}[]`;
    case 'object':
      // Only one object is open, the metadata of a message, and what is in it is the application's.
      return def.catchall?._zod.def.type === 'unknown' ? anyObject : object(def.shape, depth);
    case 'record':
      return `Readonly<Record<string, ${typeOf(def.valueType, depth)}>>`;
    case 'union':
      return [...new Set(def.options.map((option) => typeOf(option, depth)))].join(' | ');
    case 'intersection':
      return `${typeOf(def.left, depth)} & ${typeOf(def.right, depth)}`;
    case 'pipe':
      return typeOf(def.in._zod.def.type === 'transform' ? def.out : def.in, depth);
    case 'custom':
      return anyObject;
    default:
      return typeOf(innerOf(schema), depth);
  }
}

function object(shape: Readonly<Record<string, z.ZodType>>, depth: number): string {
  const fields = Object.entries(shape);
  if (fields.length === 0) return 'Readonly<Record<string, never>>';
  const lines = fields.map(([name, field]) => {
    const mark = mayBeAbsent(field) ? '?' : '';
    const type = typeOf(field, depth + 1);
    return `${comment(descriptionOf(field), depth + 1)}${indent(depth + 1)}readonly ${name}${mark}: ${type};\n`;
  });
  return `{\n${lines.join('')}${indent(depth)}}`;
}

/** What is said of a field, which is not what is said of the type it refers to. */
function descriptionOf(field: z.ZodType): string | undefined {
  if (typeNames.has(field)) return undefined;
  const { innerType } = field._zod.def as { readonly innerType?: z.ZodType };
  return field.description ?? (innerType && descriptionOf(innerType));
}

/** A doc comment on lines of its own; empty where there is nothing to say. */
export function comment(text: string | undefined, depth: number): string {
  if (text === undefined) return '';
  const sentence = /[.!?"]$/.test(text) ? text : `${text}.`;
  const short = `${indent(depth)}/** ${sentence} */\n`;
  if (short.length <= lineWidth) return short;
  const lines = [''];
  for (const word of sentence.split(' ')) {
    const line = `${lines.at(-1)} ${word}`;
    if (indent(depth).length + 2 + line.length > lineWidth) lines.push(` ${word}`);
    else lines[lines.length - 1] = line;
  }
  return `${indent(depth)}/**\n${lines.map((line) => `${indent(depth)} *${line}\n`).join('')}${indent(depth)} */\n`;
}

/** The indentation at a depth. */
export function indent(depth: number): string {
  return '  '.repeat(depth);
}

const anyObject = 'Readonly<Record<string, unknown>>';

/** As far as it is looked into; https://zod.dev/packages/core, "internals". */
type SchemaDef =
  | { readonly type: 'string' | 'number' | 'boolean' | 'int' | 'custom' }
  | { readonly type: 'literal'; readonly values: readonly unknown[] }
  | { readonly type: 'enum'; readonly entries: Readonly<Record<string, unknown>> }
  | { readonly type: 'array'; readonly element: z.ZodType }
  | { readonly type: 'object'; readonly shape: Readonly<Record<string, z.ZodType>>; readonly catchall?: z.ZodType }
  | { readonly type: 'record'; readonly valueType: z.ZodType }
  | { readonly type: 'union'; readonly options: readonly z.ZodType[] }
  | { readonly type: 'intersection'; readonly left: z.ZodType; readonly right: z.ZodType }
  | { readonly type: 'pipe'; readonly in: z.ZodType; readonly out: z.ZodType };

/** What an optional or default is of. @throws Error: no kind of schema that is known here. */
function innerOf({ _zod: { def } }: z.ZodType): z.ZodType {
  const { innerType } = def as { readonly innerType?: z.ZodType };
  if (innerType === undefined) throw new Error(`a schema of kind ${def.type} has no form in TypeScript yet`);
  return innerType;
}

/** Of what is preprocessed zod says so always. */
function mayBeAbsent({ _zod: { def, optin } }: z.ZodType): boolean {
  const { in: before, out } = def as { readonly in?: z.ZodType; readonly out?: z.ZodType };
  return out && before?._zod.def.type === 'transform' ? mayBeAbsent(out) : optin !== undefined;
}

function constant(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

function inParentheses(type: string): string {
  return type.includes(' | ') && !type.startsWith('{') ? `(${type})` : type;
}
