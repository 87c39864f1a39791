import { expect, it } from 'vitest';
import { describeRendered } from '../describe-rendered.js';
import { type Container } from '../pods-of.js';
import { chartCases } from '../render-chart.js';

const withMongodb = chartCases.filter(({ name }) => !/redis-cluster|external/.test(name));

describeRendered('users of MongoDB of $name', withMongodb, (chart) => {
  const hasTwo = chart.name.endsWith('with tls');
  const containers = () => chart.pods.flatMap(({ spec }) => [...(spec.initContainers ?? []), ...spec.containers]);
  const valueOf = ({ env = [] }: Container, variable: string) => env.find(({ name }) => name === variable);
  const keyOf = (container: Container, variable: string) => valueOf(container, variable)?.valueFrom?.secretKeyRef?.key;

  it('are one for the services and one for the jobs where the values say so, each with its password', () => {
    const clients = containers().filter((container) => valueOf(container, 'MONGO_URI') !== undefined);
    expect(clients.length).toBeGreaterThan(1);
    for (const container of clients) {
      const isService = hasTwo && container.name === 'chat-service';
      const user = /^mongodb:\/\/(\w+):\$\(MONGO_PASSWORD\)@/.exec(valueOf(container, 'MONGO_URI')?.value ?? '')?.[1];
      expect(user, container.name).toBe(isService ? 'services' : 'parlance');
      expect(keyOf(container, 'MONGO_PASSWORD'), container.name).toBe(
        isService ? 'MONGO_SERVICES_PASSWORD' : 'MONGO_PASSWORD',
      );
    }
  });

  it('are made by the bootstrap, which alone is told of both', () => {
    const told = containers().filter((container) => valueOf(container, 'MONGO_SERVICES_USER') !== undefined);
    expect(told.map(({ name }) => name)).toEqual(hasTwo ? ['bootstrap'] : []);
    expect(told.map((container) => valueOf(container, 'MONGO_SERVICES_USER')?.value)).toEqual(
      hasTwo ? ['services'] : [],
    );
    expect(told.map((container) => keyOf(container, 'MONGO_SERVICES_PASSWORD'))).toEqual(
      hasTwo ? ['MONGO_SERVICES_PASSWORD'] : [],
    );
  });
});
