import { expect, it } from 'vitest';
import { describeRendered } from '../describe-rendered.js';
import { chartCases } from '../render-chart.js';

describeRendered('each pod of $name', chartCases, (chart) => {
  const containers = () =>
    chart.pods.flatMap(({ of, spec }) =>
      [...(spec.initContainers ?? []), ...spec.containers].map((container) => ({
        at: `${of}/${container.name}`,
        container,
      })),
    );

  it('is one that a namespace of level "restricted" lets in', () => {
    for (const { of, spec } of chart.pods) {
      expect(spec.securityContext, of).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(Number(spec.securityContext?.['runAsUser']), of).toBeGreaterThan(0);
    }
    for (const { at, container } of containers()) {
      expect(container.securityContext, at).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  it('says what it needs and how much memory it may take', () => {
    for (const { at, container } of containers()) {
      expect(Object.keys(container.resources?.requests ?? {}).toSorted(), at).toEqual(['cpu', 'memory']);
      expect(container.resources?.limits?.['memory'], at).toBeDefined();
      // A limit of CPU slows a process down that has work to do while the node has nothing to do.
      expect(container.resources?.limits, at).not.toHaveProperty('cpu');
    }
  });

  it('has no secret on a command line, where everybody on the node would read it', () => {
    for (const { at, container } of containers()) {
      const secrets = (container.env ?? []).filter(({ valueFrom }) => valueFrom?.secretKeyRef).map(({ name }) => name);
      const line = [...(container.command ?? []), ...(container.args ?? [])].join(' ');
      expect(
        secrets.filter((name) => line.includes(name)),
        at,
      ).toEqual([]);
    }
  });

  it('takes no environment from Services unless it reads its own address there, and a token of the API only where it speaks to it', () => {
    for (const { of, spec, labels } of chart.pods) {
      expect(spec.enableServiceLinks, of).toBe(labels['app.kubernetes.io/component'] === 'redis');
      expect(spec.automountServiceAccountToken, of).toBeDefined();
    }
    const speaking = chart.pods
      .filter(({ spec }) => spec.automountServiceAccountToken)
      .map(({ labels }) => labels['app.kubernetes.io/component']);
    expect(speaking.filter((component) => component !== 'jobs' && component !== 'gateway')).toEqual([]);
  });

  it('that serves has all three probes at ports that it has, and none that starts a program', () => {
    for (const { of, spec, object } of chart.pods.filter(
      ({ object: { kind } }) => kind === 'Deployment' || kind === 'StatefulSet',
    )) {
      expect(object.spec).toBeDefined();
      for (const container of spec.containers) {
        const ports = new Set(container.ports?.map(({ name }) => name));
        for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
          expect(probe, of).toBeDefined();
          expect(probe, of).not.toHaveProperty('exec');
          const { httpGet, tcpSocket } = probe as NonNullable<typeof container.livenessProbe>;
          expect(ports.has(String((httpGet ?? tcpSocket)?.port)), of).toBe(true);
        }
        // Ready and alive are two questions: a process that drains is alive.
        const asked = [container.readinessProbe?.httpGet?.path, container.livenessProbe?.httpGet?.path];
        expect(asked, of).toEqual(
          ports.has('ops') ? ['/readyz', '/livez'] : [container.name === 'web' ? '/' : undefined, undefined],
        );
      }
    }
  });

  it('has an image with a tag that is not latest', () => {
    for (const { at, container } of containers())
      expect(container.image, at).toMatch(/^[^\s:]+(?::\d+)?\/[^\s:]+:(?!latest$)[\w.-]+$/);
  });
});
