import { findK6, howToGetK6 } from '../src/k6/find-k6.ts';
import { loadLoadtestConfig } from '../src/k6/loadtest.config.ts';

/** Whether there is a k6. Where there is none, a line says so. */
export const hasK6 = (await findK6(loadLoadtestConfig())) !== undefined;

if (!hasK6) process.stderr.write(`\nSKIPPED: the load tests did not run. ${howToGetK6}\n\n`);
