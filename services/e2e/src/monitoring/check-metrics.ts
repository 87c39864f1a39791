import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { findPromtool, silentProgress } from '@parlance/devstack';

/**
 * What `promtool check metrics` objects to in a scrape; undefined, with one line that says so, where no promtool can be had.
 */
export async function checkMetrics(scrape: string): Promise<string | undefined> {
  const promtool = await findPromtool(silentProgress).catch((thrown: Error) => {
    process.stdout.write(`NOT TESTED: metrics with promtool. ${thrown.message}\n`);
    return undefined;
  });
  if (promtool === undefined) return undefined;
  const checking = spawn(promtool, ['check', 'metrics']);
  checking.stdin.end(scrape);
  return (await Promise.all([text(checking.stdout), text(checking.stderr)])).join('');
}
