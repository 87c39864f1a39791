import { describe, expect, it } from 'vitest';
import { describeRendered } from '../describe-rendered.js';
import { findHelm } from '../find-helm.js';
import { chartCases, type Rendered, renderChart, setting } from '../render-chart.js';

const helm = await findHelm(4);
const parlance = chartCases.filter(({ name }) => name.startsWith('parlance'));

/** A path that leads in, and the Service and port that it leads to. */
interface Way {
  readonly path: string;
  readonly service: string;
  readonly port: string | number;
}

function waysOf(objects: readonly Rendered[], kind: 'Ingress' | 'HTTPRoute'): readonly Way[] {
  const specs = objects.filter((object) => object.kind === kind).map(({ spec }) => spec as unknown);
  if (kind === 'Ingress')
    return (specs as readonly IngressSpec[])
      .flatMap(({ rules }) => rules)
      .flatMap(({ http }) => http.paths)
      .map(({ path, backend: { service } }) => ({ path, service: service.name, port: service.port.name }));
  return (specs as readonly RouteSpec[])
    .flatMap(({ rules }) => rules)
    .flatMap(({ matches, backendRefs }) =>
      matches.flatMap(({ path }) => backendRefs.map(({ name, port }) => ({ path: path.value, service: name, port }))),
    );
}

describeRendered('the way in of $name', parlance, (chart) => {
  it('is an Ingress or a route, and leads to ports of Services that are there, by the paths of clients alone', () => {
    const ways = [...waysOf(chart.objects, 'Ingress'), ...waysOf(chart.objects, 'HTTPRoute')];
    const hasWeb = chart.objects.some(({ kind, metadata }) => kind === 'Service' && metadata.name.endsWith('-web'));
    expect(ways.map(({ path }) => path)).toEqual(['/socket.io', '/api/v1', ...(hasWeb ? ['/'] : [])]);
    for (const { path, service, port } of ways) {
      const found = chart.objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === service);
      const { ports } = (found?.spec ?? { ports: [] }) as unknown as { readonly ports: readonly Port[] };
      expect(
        ports.filter((one) => one.name === port || one.port === port).map(({ name }) => name),
        path,
      ).toEqual(['http']);
    }
  });

  it('is known to the gateways: how many proxies add an address, and where the page is', () => {
    const [values] = chart.objects.filter(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.endsWith('-gateway'),
    );
    expect(Number(values?.data?.['TRUST_PROXY_HOPS'])).toBeGreaterThan(0);
    const hosts = chart.objects.flatMap(({ kind, spec }) => {
      if (kind === 'Ingress') return (spec as unknown as IngressSpec).rules.map(({ host }) => host);
      return kind === 'HTTPRoute' ? (spec as unknown as RouteSpec).hostnames : [];
    });
    const [host = ''] = hosts;
    expect(values?.data?.['ALLOWED_ORIGINS']).toMatch(new RegExp(`^https?://${host.replaceAll('.', '[.]')}(,|$)`));
  });
});

describe.skipIf(helm === undefined)('the reference of the API', () => {
  it('is led to by the Ingress and by a route where that is asked for', async () => {
    const [addons] = parlance.filter(({ name }) => name.endsWith('addons'));
    if (!addons) throw new Error('there is no ci/addons-values.yaml');
    const settings = ['gateway.publicDocs=true', 'ingress.enabled=true', 'gatewayApi.besideIngress=true'];
    const objects = await renderChart(String(helm), addons, setting(settings));
    for (const kind of ['Ingress', 'HTTPRoute'] as const) {
      const paths = waysOf(objects, kind).map(({ path, service }) => `${path} ${service.replace(/^.*-/, '')}`);
      expect(paths.slice(0, 3), kind).toEqual(['/socket.io gateway', '/api/v1 gateway', '/api/docs gateway']);
    }
  });
});

describe.skipIf(helm === undefined)('a route of the Gateway API', () => {
  const [addons] = parlance.filter(({ name }) => name.endsWith('addons'));
  const render = (...settings: readonly string[]): Promise<readonly Rendered[]> => {
    if (!addons) throw new Error('there is no ci/addons-values.yaml');
    return renderChart(String(helm), addons, setting(settings));
  };
  const routeOf = (objects: readonly Rendered[]): RouteSpec | undefined =>
    objects.find(({ kind }) => kind === 'HTTPRoute')?.spec as unknown as RouteSpec | undefined;

  it('keeps a session with one gateway where that is asked for, and says nothing of it elsewhere', async () => {
    const persistence = (objects: readonly Rendered[]) =>
      routeOf(objects)?.rules.map((rule) => rule.sessionPersistence);
    const cookie = { type: 'Cookie', sessionName: 'parlance-gateway', cookieConfig: { lifetimeType: 'Session' } };
    expect(persistence(await render())).toEqual([cookie, undefined]);
    const plain = await render('gatewayApi.sessionPersistence=false', 'gateway.config.TRANSPORTS={websocket}');
    expect(persistence(plain)).toEqual([undefined, undefined]);
  });

  it('leads in beside the Ingress by the same paths, where both are asked for', async () => {
    const objects = await render('ingress.enabled=true', 'gatewayApi.besideIngress=true');
    const names = (kind: 'Ingress' | 'HTTPRoute') =>
      waysOf(objects, kind).map(({ path, service }) => `${path} ${service}`);
    expect(names('HTTPRoute')).toEqual(names('Ingress'));
    expect(routeOf(objects)?.parentRefs).toEqual([{ name: 'public', namespace: 'gateways', sectionName: 'https' }]);
  });
});

interface Port {
  readonly name: string;
  readonly port: number;
}

interface IngressSpec {
  readonly rules: readonly {
    readonly host: string;
    readonly http: {
      readonly paths: readonly {
        readonly path: string;
        readonly backend: { readonly service: { readonly name: string; readonly port: { readonly name: string } } };
      }[];
    };
  }[];
}

interface RouteSpec {
  readonly hostnames: readonly string[];
  readonly parentRefs: readonly object[];
  readonly rules: readonly {
    readonly matches: readonly { readonly path: { readonly value: string } }[];
    readonly backendRefs: readonly { readonly name: string; readonly port: number }[];
    readonly sessionPersistence?: object;
  }[];
}
