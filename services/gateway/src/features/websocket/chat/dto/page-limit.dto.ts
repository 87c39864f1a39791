import { limits } from '@parlance/proto';
import { z } from 'zod';

/** Number of items of a page: 1 to 200, 50 when absent. More is an error, not a shorter page. */
export const pageLimitDto = z.int().min(1).max(limits.pageItems).default(limits.defaultPageItems);
