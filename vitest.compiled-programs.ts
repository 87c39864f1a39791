import { join } from 'node:path';

/**
 * Tests start each program dozens of times: what V8 made of its source is made once, and lies in the folder of the run. Said to the
 * tests once they run, so that it is not kept of themselves: each worker would make it again for all of its modules when it ends.
 */
process.env['NODE_COMPILE_CACHE'] = join(String(process.env['TEST_RUN_DIR']), 'compiled');
