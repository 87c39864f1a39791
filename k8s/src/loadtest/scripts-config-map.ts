import { scenarios } from '@parlance/loadtest/catalogue';
import { bundleScenario } from './bundle-scenario.js';

/** The ConfigMap that `k8s/loadtest/testrun.yaml` names, with the script of every scenario as NAME.js. */
export async function scriptsConfigMap(): Promise<ScriptsConfigMap> {
  const scripts = Object.keys(scenarios).map(async (name) => [`${name}.js`, await bundleScenario(name)] as const);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'parlance-load' },
    data: Object.fromEntries(await Promise.all(scripts)),
  };
}

/** See {@link scriptsConfigMap}. */
export interface ScriptsConfigMap {
  readonly apiVersion: 'v1';
  readonly kind: 'ConfigMap';
  readonly metadata: { readonly name: string };
  readonly data: Readonly<Record<string, string>>;
}
