import { describe, expect, it } from 'vitest';
import { findHelm, type HelmSeries } from '../find-helm.js';
import { chartCases, renderChart, setting } from '../render-chart.js';

const helms = (
  await Promise.all(([3, 4] as const).map(async (series) => ({ series, helm: await findHelm(series) })))
).filter((each): each is { readonly series: HelmSeries; readonly helm: string } => each.helm !== undefined);
const defaults = chartCases.find(({ name }) => name === 'parlance with default');
if (!defaults) throw new Error('there is no ci/default-values.yaml');

describe.each(helms)('values that are wrong, with Helm $series', ({ helm }) => {
  const render = (...settings: readonly string[]): Promise<string> =>
    renderChart(helm, defaults, setting(settings)).then(
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
      'gateway.autoscaling.keda.enabled=true',
      'gatewayApi.enabled=true',
      'gateway.config.TRANSPORTS={websocket,polling}',
      'monitoring.serviceMonitor.enabled=true',
    );
    for (const path of [
      'external.redis.nodes',
      'secrets.existingSecret',
      'archive.s3.bucket',
      'ingress.tlsSecret',
      'grpcTls',
      'jobs.suspended',
      'gateway.autoscaling.minReplicas',
      'gateway.autoscaling.keda.enabled',
      'monitoring.prometheusAddress',
      'gatewayApi.enabled',
      'gatewayApi.parentRefs',
      'gatewayApi.sessionPersistence',
      'networkPolicy.monitoringFrom',
    ]) {
      expect(said).toContain(`- ${path}: `);
    }
  });

  it('in the parts are named with those of the whole, with their paths', async () => {
    const said = await render(
      'archive.driver=s3',
      'mongodb.tiers.hot.members=2',
      'mongodb.tls.existingSecret=a',
      'mongodb.tls.certManagerIssuer=b',
      'mongodb.auth.servicesUser=parlance',
      'mongodb.auth.servicesPasswordKey=MONGO_PASSWORD',
      'redis.auth.existingSecret=',
      'redis.config.port=7000',
      'redis.acl.enabled=true',
      'redis.acl.jobsPasswordKey=REDIS_PASSWORD',
      'redis.tls.enabled=true',
    );
    for (const path of [
      'archive.s3.bucket',
      'mongodb.tiers.hot.members',
      'mongodb.tls.certManagerIssuer',
      'mongodb.auth.servicesUser',
      'mongodb.auth.servicesPasswordKey',
      'redis.auth.existingSecret',
      'redis.config.port',
      'redis.acl.jobsPasswordKey',
      'redis.tls.existingSecret',
    ]) {
      expect(said).toContain(`- ${path}: `);
    }
  });

  it('about encryption are refused: certificates without a mode, a mode without certificates, another router, a part outside', async () => {
    expect(await render('redis.tls.certManagerIssuer=ca')).toContain('- redis.tls.enabled: ');
    expect(await render('mongodb.tls.existingSecret=a')).toContain('- mongodb.tls.mode: ');
    expect(await render('mongodb.tls.mode=preferTLS')).toContain('- mongodb.tls.existingSecret: ');
    expect(await render('mongodb.tls.mode=on')).toContain('mode');
    const router = await render('mongodb.router.command={node,x.js}', 'mongodb.tls.mode=requireTLS');
    for (const path of ['auth.enabled', 'tls.mode']) {
      expect(router).toContain(`- mongodb.${path}: conflicts with router.command`);
    }
    const outside = await render(
      'redis.enabled=false',
      'redis.tls.enabled=true',
      'redis.acl.enabled=true',
      'mongodb.enabled=false',
      'mongodb.tls.mode=requireTLS',
    );
    for (const path of ['redis.tls.enabled', 'redis.acl.enabled', 'mongodb.tls.mode']) {
      expect(outside).toContain(`- ${path}: `);
    }
    const both = await render('external.redis.tls=true', 'external.caSecret=ca', 'redis.tls.enabled=true');
    for (const path of ['external.redis.tls', 'external.caSecret']) expect(both).toContain(`- ${path}: conflicts`);
  });
});
