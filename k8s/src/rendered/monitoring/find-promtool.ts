import { findPromtool as findOnMachine, silentProgress } from '@parlance/devstack';
import { k8sEnvironment } from '../../k8s.config.js';

/** Path of promtool, as devstack finds it. Undefined, with one line that says so, where none can be had. */
export async function findPromtool(): Promise<string | undefined> {
  try {
    return await findOnMachine(silentProgress, k8sEnvironment().isDownloadAllowed ? {} : { sources: [] });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    process.stdout.write(`NOT TESTED: the alerts with promtool. ${reason}\n`);
    return undefined;
  }
}
