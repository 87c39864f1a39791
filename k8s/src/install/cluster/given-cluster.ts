import { k8sEnvironment } from '../../k8s.config.js';
import type { TestCluster } from './test-cluster.js';

/**
 * The cluster that KUBECONFIG names. It pulls the product's images from TEST_IMAGE_REGISTRY (tag `test`) and has Traefik at
 * TEST_INGRESS_ADDRESS. Throws when one of these is not set.
 */
export function givenCluster(kubeconfig: string): TestCluster {
  const { registry, ingressAddress } = k8sEnvironment();
  if (registry === undefined || ingressAddress === undefined) {
    throw new Error(
      'KUBECONFIG is set, so TEST_IMAGE_REGISTRY and TEST_INGRESS_ADDRESS must be: where images and clients go',
    );
  }
  return {
    text: `the cluster of ${kubeconfig}`,
    env: { KUBECONFIG: kubeconfig },
    kubectl: 'kubectl',
    helm: 'helm',
    ingressAddress,
    ingressClass: 'traefik',
    ingressNamespace: 'traefik',
    clientAddresses: undefined,
    hasAddonCrds: false,
    values: [],
    settings: [`global.imageRegistry=${registry}`, 'global.imageTag=test'],
    nodeImage: `${registry}/parlance-gateway:test`,
    objectStoreImage: undefined,
    notes: ['Its images are the ones that were pushed there; none was built.'],
    putImages: () => Promise.resolve(),
    memoryMiB: () => Promise.resolve(undefined),
    end: () => Promise.resolve(),
    leave: () => {},
  };
}
