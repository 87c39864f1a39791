import { attachmentsFault, isPlainObject, limits, plainJsonFault } from '@parlance/proto';
import { z } from 'zod';

/**
 * `metadata` of a message: any JSON object of at most 8 KiB and 32 levels, whose `attachments`, if there, have the
 * documented form. Becomes its JSON text and the number of attachments.
 */
export const messageMetadataDto = z
  .custom<Record<string, unknown>>(isPlainObject, 'must be an object')
  .transform((metadata, context) => {
    const fault = plainJsonFault(metadata);
    if (fault !== undefined) {
      context.addIssue({ code: 'custom', message: fault });
      return z.NEVER;
    }
    const json = JSON.stringify(metadata);
    if (Buffer.byteLength(json) > limits.metadataBytes) {
      context.addIssue({
        code: 'custom',
        message: `is over ${limits.metadataBytes} bytes`,
        params: { tooLarge: true },
      });
      return z.NEVER;
    }
    const { attachments } = metadata;
    const attachmentFault = attachmentsFault(attachments);
    if (attachmentFault !== undefined) {
      context.addIssue({ code: 'custom', path: ['attachments'], message: attachmentFault });
      return z.NEVER;
    }
    return { json, attachments: Array.isArray(attachments) ? attachments.length : 0 };
  });
