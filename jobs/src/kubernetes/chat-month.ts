/** Where the definition stands: `k8s/crds/chatmonths.parlance.dev.yaml`. */
export const chatMonthApi = { group: 'parlance.dev', version: 'v1alpha1', plural: 'chatmonths' } as const;

/** A month as a Kubernetes object. Times are RFC 3339 texts, since the object is compared and sent as JSON. */
export interface ChatMonth {
  readonly apiVersion: 'parlance.dev/v1alpha1';
  readonly kind: 'ChatMonth';
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly month: string };
  readonly status: ChatMonthStatus;
}

/** What the jobs know about a month. Absent is what is not known or not yet. */
export interface ChatMonthStatus {
  readonly state: 'OPEN' | 'SEALED' | 'ARCHIVED';
  readonly tier: 'hot' | 'warm' | 'cold' | 'archive';
  readonly epoch: number;
  /** Counted when it was sealed; about as many records while it is open. */
  readonly messages: number;
  readonly rooms?: number;
  readonly voids?: number;
  /** Of its collection and indexes on disk, on all shards. */
  readonly bytes: number;
  /** Those of them on shards that own nothing of it: they should be free again. */
  readonly leftBytes: number;
  readonly shards: readonly string[];
  /** The same in one text, for `kubectl get`, which prints no lists. */
  readonly shardList?: string;
  readonly sealedAt?: string;
  readonly verifiedAt?: string;
  readonly foldedThrough?: string;
  readonly archive?: ChatMonthArchive;
  readonly work?: { readonly job: string; readonly step: string; readonly startedAt: string };
  readonly conditions: readonly ChatMonthCondition[];
}

/** The copy in the archive. */
export interface ChatMonthArchive {
  /** Key of its manifest. */
  readonly object: string;
  readonly version: number;
  readonly rootHash: string;
  readonly messages: number;
  readonly bytes: number;
  readonly flippedAt?: string;
  readonly deleteFrom?: string;
  readonly droppedAt?: string;
}

/** A condition in the usual form. */
export interface ChatMonthCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
}
