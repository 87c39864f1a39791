import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { repository } from '../k8s.config.js';
import { findSchema } from './find-schema.js';

const read = (name: string): Schemas =>
  JSON.parse(readFileSync(join(repository, 'k8s/schemas', name), 'utf8')) as Schemas;
const kubernetes = read('kubernetes-1.35.json');
/** Of the kinds of others as much as is used of them here, so that they are checked on any machine. */
const custom = read('custom-resources.json');
// Each schema is asked a few times: making its code shorter takes longer than running it.
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, code: { optimize: false } });
ajv.addSchema({ $id: 'kubernetes', definitions: kubernetes.definitions });
ajv.addSchema({ $id: 'custom', definitions: custom.definitions });
/** The whole of them, where they lie beside the tools. */
for (const kind of Object.keys(custom.kinds)) {
  const [group = '', version = '', name = ''] = kind.split('/');
  const schema = findSchema(`crd-schemas/${group}/${name.toLowerCase()}_${version}.json`, kind);
  if (schema) ajv.addSchema({ ...schema, $id: `whole ${kind}` });
}

/** In what an object is not as Kubernetes 1.35, or those who extend it, know its kind, to the last field; empty: nothing. */
export function objectFaults(object: KubernetesObject): readonly string[] {
  const kind = `${object.apiVersion}/${object.kind}`;
  const of = (id: string, definition: string | undefined) =>
    definition === undefined ? [] : [ajv.getSchema(`${id}#/definitions/${definition}`)];
  const found = [...of('kubernetes', kubernetes.kinds[kind]), ...of('custom', custom.kinds[kind])];
  if (found.length !== 1) return [`${found.length} schemas of ${kind}`];
  const whole = ajv.getSchema(`whole ${kind}`);
  return [...found, ...(whole ? [whole] : [])].flatMap((validate) => {
    if (!validate) return [`no definition of ${kind}`];
    void validate(object);
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  });
}

interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
}

interface Schemas {
  /** Definitions by `apiVersion/kind`. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly definitions: Readonly<Record<string, object>>;
}
