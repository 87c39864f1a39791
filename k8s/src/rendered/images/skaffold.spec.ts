import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { productImages } from '../../install/cluster/test-cluster.js';
import { repository } from '../../k8s.config.js';
import { findHelm } from '../find-helm.js';
import { findSchema } from '../find-schema.js';
import { podsOf } from '../pods-of.js';
import { renderChart } from '../render-chart.js';

const skaffold = load(readFileSync(join(repository, 'skaffold.yaml'), 'utf8')) as Skaffold;
const { artifacts } = skaffold.build;
const releases = [{ name: '', deploy: skaffold.deploy }, ...skaffold.profiles].flatMap(({ name, deploy }) =>
  (deploy?.helm?.releases ?? []).map((release) => ({ ...release, title: `${release.name} ${name}`.trim() })),
);
/** How a template of skaffold names the image of an artifact. */
const template = (image: string): string => `{{.IMAGE_FULLY_QUALIFIED_${image.replaceAll(/[-/]/g, '_')}}}`;
const schema = findSchema('skaffold-schema.json', 'skaffold.yaml');
const helm = await findHelm(4);

describe('skaffold.yaml', () => {
  it('builds the images of the product, each from its Dockerfile', () => {
    const files = Object.fromEntries(artifacts.map(({ image, docker }) => [image, docker.dockerfile]));
    const expected = Object.entries(productImages).map(([name, file]) => [`parlance-${name}`, file]);
    expect(files).toEqual(Object.fromEntries(expected));
  });

  it.each(artifacts)('names nothing for $image that is not there', ({ context, docker }) => {
    const file = join(repository, context, docker.dockerfile);
    expect(existsSync(file)).toBe(true);
    const text = readFileSync(file, 'utf8');
    const stages = [...text.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, stage]) => stage);
    const args = [...text.matchAll(/^ARG (\w+)/gm)].map(([, arg]) => arg);
    expect([undefined, ...stages]).toContain(docker.target);
    for (const arg of Object.keys(docker.buildArgs ?? {})) expect(args).toContain(arg);
  });

  it.each(releases)('of release "$title" has a chart and values that are there, and every image', (release) => {
    expect(existsSync(join(repository, release.chartPath, 'Chart.yaml'))).toBe(true);
    for (const file of release.valuesFiles) expect(existsSync(join(repository, file)), file).toBe(true);
    const used = new Set(Object.values(release.setValueTemplates));
    for (const { image } of artifacts.filter(({ image }) => !unused(release).has(image))) {
      expect(used.has(template(image)), image).toBe(true);
    }
    const known = new Set(artifacts.map(({ image }) => template(image)));
    for (const text of used) expect(known.has(text), text).toBe(true);
  });

  it.skipIf(helm === undefined).each(releases)(
    'of release "$title" sets values that pods come from',
    async (release) => {
      const settings = Object.entries(release.setValueTemplates).map(([path], index) => ({
        path,
        image: `x.test/i${index}:1`,
      }));
      const [first, ...more] = release.valuesFiles.map((file) => join(repository, file));
      const objects = await renderChart(
        String(helm),
        { name: release.title, chart: join(repository, release.chartPath), values: String(first) },
        [
          ...more.flatMap((file) => ['--values', file]),
          ...settings.flatMap(({ path, image }) => ['--set', `${path}=${image}`]),
        ],
      );
      const pods = podsOf(objects).flatMap(({ spec }) => [...(spec.initContainers ?? []), ...spec.containers]);
      const images = new Set(pods.map(({ image }) => image));
      expect(settings.filter(({ image }) => !images.has(image)).map(({ path }) => path)).toEqual([]);
      // What it builds runs; nothing of the product is pulled from a registry in its place.
      expect([...images].filter((image) => image.includes('/parlance-'))).toEqual([]);
    },
  );

  it.skipIf(helm === undefined)('forwards to a Service that the chart has', async () => {
    const [release] = releases;
    const [values = ''] = release?.valuesFiles ?? [];
    const objects = await renderChart(String(helm), {
      name: 'skaffold',
      chart: join(repository, String(release?.chartPath)),
      values: join(repository, values),
    });
    for (const { resourceType, resourceName, port } of skaffold.portForward) {
      const found = objects.find(
        ({ kind, metadata }) => kind.toLowerCase() === resourceType && metadata.name === resourceName,
      );
      const spec = found?.spec as unknown as { readonly ports: readonly { readonly port: number }[] } | undefined;
      expect(spec?.ports.map((each) => each.port)).toContain(port);
    }
  });

  it.skipIf(schema === undefined)('is what the schema of skaffold says', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, code: { optimize: false } });
    const validate = ajv.compile(schema ?? {});
    void validate(skaffold);
    expect((validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)).toEqual([]);
  });
});

/** Images whose component the values of a release switch off. */
function unused({ valuesFiles }: Release): ReadonlySet<string> {
  const values = valuesFiles.map((file) => load(readFileSync(join(repository, file), 'utf8')) as Partial<Values>);
  return new Set(values.some(({ web }) => web?.enabled === false) ? ['parlance-web'] : []);
}

interface Values {
  readonly web?: { readonly enabled?: boolean };
}

interface Skaffold {
  readonly build: {
    readonly artifacts: readonly {
      readonly image: string;
      readonly context: string;
      readonly docker: {
        readonly dockerfile: string;
        readonly target?: string;
        readonly buildArgs?: Readonly<Record<string, string>>;
      };
    }[];
  };
  readonly deploy: Deploy;
  readonly profiles: readonly { readonly name: string; readonly deploy?: Deploy }[];
  readonly portForward: readonly {
    readonly resourceType: string;
    readonly resourceName: string;
    readonly port: number;
  }[];
}

interface Deploy {
  readonly helm?: { readonly releases: readonly Release[] };
}

interface Release {
  readonly name: string;
  readonly chartPath: string;
  readonly valuesFiles: readonly string[];
  readonly setValueTemplates: Readonly<Record<string, string>>;
}
