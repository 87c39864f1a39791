import type { ChatDatabase } from '@parlance/storage';
import type { JobsConfig } from '../config.js';
import { readMonthSights } from '../months/month-rows.js';
import { ChatMonthKeeper } from './chat-month-keeper.js';
import { ChatMonthWriter } from './chat-month-writer.js';
import { connectKubernetes, isInCluster } from './connect-kubernetes.js';

/** Keeps the ChatMonth objects while a job runs, or undefined outside a cluster where no kubeconfig is named. */
export function keepChatMonths(
  database: ChatDatabase,
  config: JobsConfig,
  complain: (text: string) => void,
  now: () => number,
): ChatMonthKeeper | undefined {
  const { kubeconfig, kubernetesNamespace: namespace, kubernetesInstance: instance } = config;
  if (kubeconfig === undefined && !isInCluster()) return undefined;
  return new ChatMonthKeeper({
    open: async () => await ChatMonthWriter.open(await connectKubernetes({ kubeconfig, namespace })),
    readMonths: () => readMonthSights({ database, config }),
    instance,
    complain,
    now,
  });
}
