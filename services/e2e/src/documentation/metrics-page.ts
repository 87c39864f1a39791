import type { Registry } from '@parlance/runtime';

/** The text of docs/metrics.md: of each process, by its headline, what its registry has. */
export async function metricsPage(registries: Readonly<Record<string, Registry>>): Promise<string> {
  const sections = await Promise.all(
    Object.entries(registries).map(async ([name, registry]) => {
      const declared = registry.getMetricsAsArray().filter((metric) => metric.name.startsWith('chat_'));
      const metrics = await Promise.all(
        declared.map(async (each) => ({ ...each, ...(await registry.getSingleMetric(each.name)?.get()) })),
      );
      const entries = metrics.map((each) => entryOf(each as unknown as Metric));
      return `## ${name}\n\n${entries.join('\n')}\n`;
    }),
  );
  return [introduction, ...sections].join('\n');
}

const introduction = `# Metrics

\`GET /metrics\` on \`OPS_PORT\` of the gateway (3001) and of the chat service (4006). No label names a room, a user or an
address. Node's and the process's own metrics (\`nodejs_*\`, \`process_*\`) come with both. \`jobs audit --metrics\` writes
\`chat_audit_*\` into a file ([jobs](../jobs/README.md)). This page is generated from the declarations:
\`make generate\`.

All series are there from the start, at 0, so that \`rate\` and \`increase\` see the first of everything. Where two labels stand
together, only combinations that can be have a series. A label with more values than fit here is described in words.

The format is the classic text format. Native histograms, which Prometheus can scrape in its protobuf format only, are not served:
prom-client 15.1.3, the newest there is, cannot make them. Buckets are the classic ones, chosen for what is asked of them.
OpenMetrics is not served either: a registry that once wrote it writes counters without \`_total\` in the classic format from then on.
`;

/** Values of a label that are listed. */
const mostListed = 12;

interface Metric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  readonly values: readonly { readonly labels: Readonly<Record<string, unknown>> }[];
}

function entryOf({ name, type, help, labelNames, values }: Metric): string {
  const told = labelNames.map((label) => {
    const all = new Set(values.flatMap(({ labels }) => (label in labels ? [String(labels[label])] : [])));
    const isListed = all.size > 0 && all.size <= mostListed && !name.endsWith('_build_info');
    return `\`${label}\`${isListed ? ` (${[...all].map((value) => `\`${value}\``).join(', ')})` : ''}`;
  });
  const by = told.length === 0 ? '' : ` by ${told.join(' and ')}`;
  return `- \`${name}\` (${type}${unitOf(name)}${by}): ${help}`.replaceAll(/(.{1,118})(?: |$)/g, '$1\n  ').trim();
}

function unitOf(name: string): string {
  const [, unit] = /_(seconds|bytes|ratio)(?:_total)?$/.exec(name) ?? [];
  return unit === undefined ? '' : unit === 'ratio' ? ', 0 to 1' : `, ${unit}`;
}
