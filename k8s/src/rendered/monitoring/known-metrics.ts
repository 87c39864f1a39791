import { createChatMetrics } from '@parlance/chat-service/metrics';
import { createGatewayMetrics } from '@parlance/gateway/metrics';

/** What a ServiceMonitor adds to each series. Prometheus renames a label of ours of the same name: `exported_job`. */
export const targetLabels = ['namespace', 'job', 'pod', 'service', 'instance'];

/**
 * Of kube-state-metrics (https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics/workload) and of the kubelet
 * (https://kubernetes.io/docs/reference/instrumentation/metrics/, cAdvisor).
 */
const ofKubernetes: Readonly<Record<string, readonly string[]>> = {
  kube_job_failed: ['job_name', 'condition'],
  kube_job_owner: ['job_name', 'owner_kind', 'owner_name', 'owner_is_controller'],
  kube_job_status_start_time: ['job_name'],
  kube_cronjob_created: ['cronjob'],
  kube_cronjob_status_last_successful_time: ['cronjob'],
  kube_pod_container_resource_limits: ['pod', 'container', 'resource', 'unit', 'node'],
  kube_pod_container_status_restarts_total: ['pod', 'container', 'uid'],
  kubelet_volume_stats_capacity_bytes: ['persistentvolumeclaim'],
  kubelet_volume_stats_used_bytes: ['persistentvolumeclaim'],
  container_cpu_cfs_periods_total: ['pod', 'container'],
  container_cpu_cfs_throttled_periods_total: ['pod', 'container'],
  container_memory_working_set_bytes: ['pod', 'container'],
};

/** https://prometheus.io/docs/concepts/jobs_instances/, https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/ */
const ofPrometheus: Readonly<Record<string, readonly string[]>> = {
  up: targetLabels,
  ALERTS: ['namespace', 'alertname', 'alertstate', 'severity'],
};

/**
 * Series that can be asked for, each with the labels of its own: those that the services declare, with what a histogram makes of its
 * name, those of Kubernetes that rules or panels use, and Prometheus' own.
 */
export function knownMetrics(): ReadonlyMap<string, ReadonlySet<string>> {
  const own = declaredMetrics().flatMap(({ name, type, labelNames = [] }) =>
    (type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']).map(
      (end) => [`${name}${end}`, new Set([...labelNames, 'le', ...targetLabels])] as const,
    ),
  );
  const others = Object.entries(ofKubernetes).map(
    ([name, labels]) => [name, new Set([...labels, 'namespace'])] as const,
  );
  const prometheus = Object.entries(ofPrometheus).map(([name, labels]) => [name, new Set(labels)] as const);
  return new Map([...own, ...others, ...prometheus]);
}

/** What both services declare, with what Node and the process give. */
export function declaredMetrics(): readonly DeclaredMetric[] {
  return [createGatewayMetrics('0'), createChatMetrics('0')].flatMap(
    ({ registry }) => registry.getMetricsAsArray() as unknown as readonly DeclaredMetric[],
  );
}

/** As prom-client has it. */
export interface DeclaredMetric {
  readonly name: string;
  readonly type?: string;
  readonly labelNames?: readonly string[];
}
