import { limits } from '@parlance/proto';
import { z } from 'zod';
import { textDto } from './text.dto.js';

/** What a group shows of itself. Absent fields become empty. */
export const roomMetadataDto = z.strictObject({
  name: textDto().max(limits.roomNameLength).default(''),
  description: textDto().max(limits.roomTextLength).default(''),
  avatar: textDto().max(limits.roomTextLength).default(''),
});
