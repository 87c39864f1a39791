import { isId } from '../ids.js';
import { limits } from '../limits.js';

const mediaType = /^[\w.+-]{1,63}\/[\w.+-]{1,63}$/;

/** One entry of `metadata.attachments` of an image or file message. The object itself lies elsewhere. */
export interface Attachment {
  readonly objectId: string;
  /** 1 to 255 characters. */
  readonly name: string;
  /** `type/subtype`. */
  readonly mimeType: string;
  readonly sizeBytes: number;
  /** Pixels. */
  readonly width?: number;
  readonly height?: number;
}

/**
 * What is wrong with `metadata.attachments`, as the end of a sentence that begins with its name; undefined when nothing
 * is. Absent is fine, and counts as none. Pure.
 */
export function attachmentsFault(attachments: unknown): string | undefined {
  if (attachments === undefined) return undefined;
  if (!Array.isArray(attachments)) return 'must be a list';
  if (attachments.length > limits.attachments) return `has more than ${limits.attachments} entries`;
  for (const [index, attachment] of attachments.entries()) {
    const field = faultyField(attachment);
    if (field !== undefined) return `[${index}]${field}`;
  }
  return undefined;
}

const fields: Readonly<Record<keyof Attachment, { needed: boolean; valid: (value: unknown) => boolean }>> = {
  objectId: { needed: true, valid: isId },
  name: { needed: true, valid: (value) => typeof value === 'string' && value.length >= 1 && value.length <= 255 },
  mimeType: { needed: true, valid: (value) => typeof value === 'string' && mediaType.test(value) },
  sizeBytes: { needed: true, valid: (value) => Number.isSafeInteger(value) && Number(value) >= 0 },
  width: { needed: false, valid: (value) => Number.isSafeInteger(value) && Number(value) >= 1 },
  height: { needed: false, valid: (value) => Number.isSafeInteger(value) && Number(value) >= 1 },
};

function faultyField(attachment: unknown): string | undefined {
  if (typeof attachment !== 'object' || attachment === null || Array.isArray(attachment)) return ' must be an object';
  const given = attachment as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(fields, name));
  if (unknown !== undefined) return ' has an unknown field';
  for (const [name, { needed, valid }] of Object.entries(fields)) {
    if (given[name] === undefined ? needed : !valid(given[name])) return `.${name} is missing or not valid`;
  }
  return undefined;
}
