import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../../k8s.config.js';
import { describeRendered } from '../describe-rendered.js';
import { podsOf } from '../pods-of.js';
import { chartCases, renderedRelease } from '../render-chart.js';
import { calledMethods, rightsOfGateway, rightsOfMonths, rightsOfRoll, rightsOfSecrets } from './recorded-rights.js';
import { type Right, rightsOf } from './rights-of.js';

/** Verbs that can be bound to a name. Lists and watches could only with a field selector, what is created has no name yet. */
const nameable = new Set(['get', 'update', 'patch', 'delete']);
/** What is created of an object that has one. */
const nameableWhole = new Set(['create /pods/eviction']);
/** Whose names nobody knows before: there is one for each month. */
const nameless = new Set(['parlance.dev/chatmonths', 'parlance.dev/chatmonths/status']);
const { namespace } = renderedRelease;
const secret = 'chat-secrets';

it.each([
  [
    'GET',
    '/apis/discovery.k8s.io/v1/namespaces/a/endpointslices?labelSelector=x',
    ['list discovery.k8s.io/endpointslices'],
  ],
  [
    'GET',
    '/apis/discovery.k8s.io/v1/namespaces/a/endpointslices?watch=true',
    ['watch discovery.k8s.io/endpointslices'],
  ],
  ['GET', '/api/v1/namespaces/a/secrets/b', ['get /secrets']],
  ['PUT', '/api/v1/namespaces/a/secrets/b', ['update /secrets']],
  ['DELETE', '/api/v1/namespaces/a/secrets', ['deletecollection /secrets']],
  ['PATCH', '/apis/x/v1/namespaces/a/things/b', ['patch x/things', 'create x/things']],
  ['PATCH', '/apis/x/v1/namespaces/a/things/b/status', ['patch x/things/status']],
  ['POST', '/api/v1/namespaces/a/pods/b/eviction', ['create /pods/eviction']],
])('a %s of %s needs its rights', (method, path, expected) => {
  expect(rightsOf(method, path).map(({ verb, resource }) => `${verb} ${resource}`)).toEqual(expected);
});

describe('what the programs ask of Kubernetes', () => {
  it('is asked by what is recorded here alone', async () => {
    await rightsOfMonths(namespace);
    await rightsOfSecrets(namespace, secret);
    await rightsOfRoll(namespace, 'sets', 'sets-0');
    const calls = new Set<string>();
    const paths: string[] = [];
    for await (const file of glob('{jobs,services/*,services/libs/*}/src/**/*.ts', { cwd: repository })) {
      const text = readFileSync(join(repository, file), 'utf8');
      const found = text.matchAll(/\.((?:list|read|create|replace|patch|delete|connect)(?:Namespaced|Cluster)\w*)\(/g);
      for (const [, call = ''] of found) calls.add(call);
      if (/\/apis\/|\/api\/v1\/namespaces/.test(text)) paths.push(file);
    }
    expect([...calls].filter((call) => !calledMethods.has(call))).toEqual([]);
    expect(calls.size).toBeGreaterThan(5);
    expect(paths).toEqual(['services/gateway/src/features/chat-service/discovery/pod-watch.ts']);
  });
});

describeRendered(
  'the rights in $name',
  chartCases.filter(({ name }) => name.startsWith('parlance')),
  (chart) => {
    const text = ({ resource, verb }: Right, name?: string): string => `${resource} ${verb}${name ? ` ${name}` : ''}`;
    /** Of a service account, as lines; a name at the end where the rule is for that one alone. */
    const given = (account: string): readonly string[] => {
      const roles = chart.objects
        .filter(({ kind }) => kind === 'RoleBinding')
        .map((object) => object as unknown as Binding)
        .filter(({ subjects }) => subjects.some(({ kind, name }) => kind === 'ServiceAccount' && name === account))
        .map(({ roleRef }) => roleRef.name);
      return chart.objects
        .filter(({ kind, metadata }) => kind === 'Role' && roles.includes(metadata.name))
        .flatMap(({ rules = [] }) => rules)
        .flatMap(({ apiGroups, resources, resourceNames = [undefined], verbs }) =>
          apiGroups.flatMap((group) =>
            resources.flatMap((resource) =>
              verbs.flatMap((verb) =>
                resourceNames.map((name) => text({ resource: `${group}/${resource}`, verb, name }, name)),
              ),
            ),
          ),
        )
        .toSorted();
    };
    const needed = (rights: readonly Right[]): readonly string[] =>
      [...new Set(rights.map((right) => text(right, isNameable(right) ? right.name : undefined)))].toSorted();

    it('of gateways are what they ask', async () => {
      expect(given('chat-parlance-gateway')).toEqual(needed(await rightsOfGateway(namespace)));
    });

    it('of jobs are what they ask', async () => {
      expect(given('chat-parlance-jobs')).toEqual(needed(await rightsOfMonths(namespace)));
    });

    it('of roll-mongodb are what it asks, to the names of the chart.pods of MongoDB, or it is not there', async () => {
      const sets = chart.objects.filter(
        ({ kind, metadata }) => kind === 'StatefulSet' && metadata.name.startsWith('chat-mongodb-'),
      );
      const rights = sets.flatMap(({ metadata: { name }, spec }) =>
        Array.from({ length: Number((spec as { readonly replicas?: number } | undefined)?.replicas) }, (_, index) =>
          rightsOfRoll(namespace, name, `${name}-${index}`),
        ),
      );
      expect(given('chat-mongodb-roll')).toEqual(needed((await Promise.all(rights)).flat()));
      expect(rights.length > 4).toBe(!chart.name.endsWith('external-data'));
    });

    it('of chat services are none: a cloud knows them by their account', () => {
      const account = chart.objects.find(
        ({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === 'chat-parlance-chat-service',
      );
      expect(given('chat-parlance-chat-service')).toEqual([]);
      const role = chart.name.endsWith('production') ? 'arn:aws:iam::1:role/chat-reader' : undefined;
      expect(account?.metadata.annotations?.['eks.amazonaws.com/role-arn']).toBe(role);
    });

    it('of init-secrets are what it asks, to the name, or it is not there', async () => {
      const isThere = chart.objects.some(
        ({ kind, metadata }) => kind === 'Job' && metadata.name.endsWith('-init-secrets'),
      );
      const rights = isThere ? needed(await rightsOfSecrets(namespace, secret)) : [];
      expect(given('chat-parlance-init-secrets')).toEqual(rights);
      expect(isThere).toBe(!chart.name.endsWith('external-data'));
    });

    it('are in this namespace alone, and no account has any that no pod is', () => {
      expect(chart.objects.filter(({ kind }) => kind.startsWith('ClusterRole'))).toEqual([]);
      const used = new Set(podsOf(chart.objects).map(({ spec }) => spec.serviceAccountName));
      const accounts = chart.objects
        .filter(({ kind }) => kind === 'ServiceAccount')
        .map(({ metadata }) => metadata.name);
      expect(accounts.filter((account) => !used.has(account))).toEqual([]);
      const bound = chart.objects.filter(({ kind }) => kind === 'RoleBinding');
      for (const { subjects } of bound.map((object) => object as unknown as Binding)) {
        for (const subject of subjects) {
          expect(accounts).toContain(subject.name);
          expect(subject.namespace).toBe(namespace);
        }
      }
    });
  },
);

function isNameable({ verb, resource }: Right): boolean {
  return (nameable.has(verb) && !nameless.has(resource)) || nameableWhole.has(`${verb} ${resource}`);
}

interface Binding {
  readonly roleRef: { readonly name: string };
  readonly subjects: readonly { readonly kind: string; readonly name: string; readonly namespace: string }[];
}
