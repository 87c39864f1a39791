import { createChatMetrics } from '@parlance/chat-service/metrics';
import { createGatewayMetrics } from '@parlance/gateway/metrics';

/** What a ServiceMonitor adds to each series. */
const targetLabels = ['namespace', 'job', 'pod', 'service', 'instance'];

/** https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics/workload */
const kubeStateMetrics: Readonly<Record<string, readonly string[]>> = {
  kube_job_failed: ['job_name', 'condition'],
  kube_job_owner: ['job_name', 'owner_kind', 'owner_name', 'owner_is_controller'],
  kube_job_status_start_time: ['job_name'],
  kube_cronjob_created: ['cronjob'],
  kube_cronjob_status_last_successful_time: ['cronjob'],
};

/** https://prometheus.io/docs/concepts/jobs_instances/, https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/ */
const ofPrometheus: Readonly<Record<string, readonly string[]>> = {
  up: targetLabels,
  ALERTS: ['namespace', 'alertname', 'alertstate'],
};

/**
 * Series that can be asked for, each with the labels of its own: those that the services declare, with what a histogram makes of its
 * name, those of kube-state-metrics that rules or panels use, and Prometheus' own.
 */
export function knownMetrics(): ReadonlyMap<string, ReadonlySet<string>> {
  const own = [createGatewayMetrics('0'), createChatMetrics('0')]
    .flatMap(({ registry }) => registry.getMetricsAsArray() as unknown as readonly Declared[])
    .flatMap(({ name, type, labelNames = [] }) =>
      (type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']).map(
        (end) => [`${name}${end}`, new Set([...labelNames, 'le', ...targetLabels])] as const,
      ),
    );
  const others = Object.entries(kubeStateMetrics).map(
    ([name, labels]) => [name, new Set([...labels, 'namespace'])] as const,
  );
  const prometheus = Object.entries(ofPrometheus).map(([name, labels]) => [name, new Set(labels)] as const);
  return new Map([...own, ...others, ...prometheus]);
}

/** As prom-client has it. */
interface Declared {
  readonly name: string;
  readonly type?: string;
  readonly labelNames?: readonly string[];
}
