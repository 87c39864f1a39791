import type { Rendered } from '../render-chart.js';

type Labels = Readonly<Record<string, string>>;

/** A pod, as NetworkPolicies see it. */
export interface PolicyPod {
  readonly labels: Labels;
  /** Labels of its namespace. */
  readonly namespace: Labels;
}

/**
 * Whether the policies let one pod connect to another's port: what selects the first must let it out, what selects the second
 * must let it in. Both are pods of some namespace; policies are those of `own`. Pure.
 * Rules: https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function letsThrough(
  policies: readonly Rendered[],
  own: Labels,
  from: PolicyPod,
  to: PolicyPod,
  port: number,
): boolean {
  return side(policies, own, 'Egress', from, to, port) && side(policies, own, 'Ingress', to, from, port);
}

function side(
  policies: readonly Rendered[],
  own: Labels,
  type: 'Ingress' | 'Egress',
  pod: PolicyPod,
  peer: PolicyPod,
  port: number,
): boolean {
  if (!fits({ matchLabels: own }, pod.namespace)) return true;
  const selecting = policies
    .map(({ spec }) => spec as unknown as PolicySpec)
    .filter(({ podSelector, policyTypes }) => policyTypes.includes(type) && fits(podSelector, pod.labels));
  if (selecting.length === 0) return true;
  const rules = selecting.flatMap((spec) => (type === 'Ingress' ? spec.ingress : spec.egress) ?? []);
  return rules.some((rule) => portFits(rule.ports, port) && peerFits(rule.from ?? rule.to, own, peer));
}

function portFits(ports: PolicyRule['ports'], port: number): boolean {
  return (
    !ports || ports.some((each) => port >= each.port && port <= (each.endPort ?? each.port) && each.protocol !== 'UDP')
  );
}

function peerFits(peers: PolicyRule['from'], own: Labels, { labels, namespace }: PolicyPod): boolean {
  if (!peers) return true;
  return peers.some(({ podSelector, namespaceSelector }) => {
    const inNamespace = namespaceSelector ? fits(namespaceSelector, namespace) : fits({ matchLabels: own }, namespace);
    return inNamespace && (!podSelector || fits(podSelector, labels));
  });
}

function fits({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([name, value]) => labels[name] === value) &&
    matchExpressions.every(({ key, operator, values }) => {
      if (operator !== 'In') throw new Error(`${operator} is not evaluated here`);
      return values.includes(labels[key] ?? '');
    })
  );
}

interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

interface PolicyRule {
  readonly ports?: readonly { readonly port: number; readonly endPort?: number; readonly protocol: string }[];
  readonly from?: readonly { readonly podSelector?: Selector; readonly namespaceSelector?: Selector }[];
  readonly to?: PolicyRule['from'];
}

interface PolicySpec {
  readonly podSelector: Selector;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly PolicyRule[];
  readonly egress?: readonly PolicyRule[];
}
