import { limits } from '@parlance/proto';
import { z } from 'zod';

/** What a group shows of itself. Absent fields become empty. */
export const roomMetadataDto = z.strictObject({
  name: z.string().max(limits.roomNameLength).default(''),
  description: z.string().max(limits.roomTextLength).default(''),
  avatar: z.string().max(limits.roomTextLength).default(''),
});
