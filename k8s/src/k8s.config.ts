import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the repository. */
export const repository = fileURLToPath(new URL('../../', import.meta.url));

/** What the runs of this workspace take from the environment; empty counts as not set. Reads it anew each time. */
export function k8sEnvironment(env: NodeJS.ProcessEnv = process.env): K8sEnvironment {
  const tools = env['PARLANCE_TOOLS_DIR'] ? resolve(env['PARLANCE_TOOLS_DIR']) : resolve(repository, '../shared/tools');
  return {
    kubeconfig: env['KUBECONFIG'] || undefined,
    registry: env['TEST_IMAGE_REGISTRY'] || undefined,
    ingressAddress: env['TEST_INGRESS_ADDRESS'] || undefined,
    toolsDir: existsSync(tools) ? tools : undefined,
    dataDir: existsSync(resolve(tools, '../data')) ? resolve(tools, '../data') : undefined,
    cacheDir: resolve(env['PARLANCE_DIR'] || resolve(repository, '.parlance'), 'cache'),
    isDownloadAllowed: env['PARLANCE_OFFLINE'] !== '1',
    authorities: env['SSL_CERT_FILE'] || '/etc/ssl/certs/ca-certificates.crt',
    report: env['TEST_REPORT'] || undefined,
    runDir: env['TEST_RUN_DIR'] || undefined,
    inherited: env,
  };
}

/** See {@link k8sEnvironment}. */
export interface K8sEnvironment {
  /** `KUBECONFIG`: the cluster to use, in place of one that is made. */
  readonly kubeconfig: string | undefined;
  /** `TEST_IMAGE_REGISTRY`: where that cluster pulls the product's images from. */
  readonly registry: string | undefined;
  /** `TEST_INGRESS_ADDRESS`: host of that cluster's ingress controller, which listens on 443. */
  readonly ingressAddress: string | undefined;
  /** `PARLANCE_TOOLS_DIR`, else the folder beside the checkout; undefined where there is none. */
  readonly toolsDir: string | undefined;
  /** `data` beside it: schemas of others, too large to lie here. */
  readonly dataDir: string | undefined;
  /** `PARLANCE_DIR`/cache: programs that were found once. */
  readonly cacheDir: string;
  /** Not with `PARLANCE_OFFLINE=1`. */
  readonly isDownloadAllowed: boolean;
  /** `SSL_CERT_FILE`, else Debian's: the certificates that programs trust here. */
  readonly authorities: string;
  /** `TEST_REPORT`: where the counts of `make test-k8s` are written. */
  readonly report: string | undefined;
  /** `TEST_RUN_DIR`: what the processes of a run of tests share. */
  readonly runDir: string | undefined;
  readonly inherited: NodeJS.ProcessEnv;
}
