/** A cluster that the installation is tried on. */
export interface TestCluster {
  /** For people: "Kubernetes 1.35.4 (packed tool)". */
  readonly text: string;
  /** Environment with which kubectl and helm reach it. */
  readonly env: Readonly<Record<string, string>>;
  readonly kubectl: string;
  readonly helm: string;
  /** Address that its ingress controller listens on, port 443. */
  readonly ingressAddress: string;
  /** IngressClass, and the namespace that its controller runs in. */
  readonly ingressClass: string;
  readonly ingressNamespace: string;
  /**
   * Two addresses of this machine that its ingress controller sees as they are, of which everything else that comes in does not use the first;
   * undefined where it cannot be told that it does.
   */
  readonly clientAddresses: readonly [string, string] | undefined;
  /** Whether it has the CRDs of the Gateway API, Prometheus' operator and KEDA. */
  readonly hasAddonCrds: boolean;
  /** Values files that say what stands in for images that cannot be had there. */
  readonly values: readonly string[];
  /** Values given by name. */
  readonly settings: readonly string[];
  /** An image with Node at /nodejs/bin/node: one of the product. */
  readonly nodeImage: string;
  /** An image with versitygw, an S3 server, for the archive; undefined: none, and the jobs of the archive are not tried. */
  readonly objectStoreImage: string | undefined;
  /** What is said of them in the log. */
  readonly notes: readonly string[];
  /** Makes the images of the repository's Dockerfiles known to it, once they are built. */
  putImages(): Promise<void>;
  /** The most memory that all its pods have held at a time, MiB; undefined where that cannot be told. */
  memoryMiB(): Promise<number | undefined>;
  /** Ends it, where it was made for this run. */
  end(): Promise<void>;
  /** It outlives this process, where it was made for this run. */
  leave(): void;
}

/** What a cluster is started with. */
export interface ClusterWish {
  /** Of the packed cluster: kept by whoever names it, so that a second run finds base images and layers; else made and removed. */
  readonly workdir: string | undefined;
  /** A run before has built the images. */
  readonly isBuilt: boolean;
  readonly say: (line: string) => void;
  /** Told how to end what is about to be started. */
  readonly begun: (end: () => Promise<void>) => void;
}

/** Images by short name, and the Dockerfile of each. */
export const productImages: Readonly<Record<string, string>> = {
  gateway: 'services/gateway/Dockerfile',
  'chat-service': 'services/chat-service/Dockerfile',
  jobs: 'jobs/Dockerfile',
  web: 'clients/web/Dockerfile',
};
