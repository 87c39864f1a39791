import { describe, expect, it } from 'vitest';
import { findHelm, type HelmSeries } from './find-helm.js';
import { chartCases, renderChart } from './render-chart.js';

const helms = (
  await Promise.all(([3, 4] as const).map(async (series) => ({ series, helm: await findHelm(series) })))
).filter((each): each is { readonly series: HelmSeries; readonly helm: string } => each.helm !== undefined);
const defaults = chartCases.find(({ name }) => name === 'parlance with default');
if (!defaults) throw new Error('there is no ci/default-values.yaml');

describe.each(helms)('values that are wrong, with Helm $series', ({ helm }) => {
  const render = (...settings: readonly string[]): Promise<string> =>
    renderChart(
      helm,
      defaults,
      settings.flatMap((setting) => ['--set', setting]),
    ).then(
      () => 'it rendered',
      (thrown: unknown) => (thrown instanceof Error ? thrown.message.replaceAll('/', '.') : String(thrown)),
    );

  it('are named together: typos, wrong types, a variable that the chart sets, a secret, a part of the chart', async () => {
    const said = await render(
      'gateway.replica=3',
      'gateway.config.MAX_CONNECTIONS=many',
      'gateway.config.PORT=80',
      'chatService.config.MONGO_URI=x',
      'ingress.controller=apache',
      'jobs.schedules.backup=daily',
      'redis.mastrs=4',
    );
    for (const name of ['replica', 'MAX_CONNECTIONS', 'PORT', 'MONGO_URI', 'controller', 'backup', 'mastrs']) {
      expect(said).toContain(name);
    }
  });

  it('that contradict each other are named together, with their paths', async () => {
    const said = await render(
      'redis.enabled=false',
      'mongodb.enabled=false',
      'archive.driver=s3',
      'ingress.certManagerIssuer=letsencrypt',
      'grpcTls.gatewaySecret=only-one',
      'jobs.suspended={backups}',
      'gateway.autoscaling.enabled=true',
      'gateway.autoscaling.minReplicas=5',
      'gateway.autoscaling.maxReplicas=4',
    );
    for (const path of [
      'external.redis.nodes',
      'secrets.existingSecret',
      'archive.s3.bucket',
      'ingress.tlsSecret',
      'grpcTls',
      'jobs.suspended',
      'gateway.autoscaling.minReplicas',
    ]) {
      expect(said).toContain(`- ${path}: `);
    }
  });

  it('in a part are named too: a set with an even number of members, a cluster without its secret', async () => {
    expect(await render('mongodb.tiers.hot.members=2')).toContain('tiers.hot.members: an odd number');
    expect(await render('redis.auth.existingSecret=')).toContain('auth.existingSecret: name the Secret');
  });
});
