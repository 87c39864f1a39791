import { expect, it } from 'vitest';
import { describeRendered } from '../describe-rendered.js';
import { chartCases } from '../render-chart.js';

const parlance = chartCases.filter(({ name }) => name.startsWith('parlance'));

describeRendered('the jobs of $name', parlance, (chart) => {
  const pods = () => chart.pods.filter(({ object: { kind } }) => kind === 'Job' || kind === 'CronJob');
  const cronJobs = () =>
    chart.objects
      .filter(({ kind }) => kind === 'CronJob')
      .map((object) => ({ object, spec: object.spec as unknown as CronJobSpec }));

  it('end by themselves, are not repeated when repeating cannot help, and are cleared away', () => {
    for (const { of, object, spec } of pods()) {
      const job = (object.kind === 'Job'
        ? object.spec
        : (object.spec as unknown as CronJobSpec).jobTemplate.spec) as unknown as JobSpec;
      expect(spec.restartPolicy, of).toBe('Never');
      expect(job.activeDeadlineSeconds, of).toBeGreaterThan(0);
      expect(job.ttlSecondsAfterFinished, of).toBeGreaterThan(0);
      expect(job.backoffLimit, of).toBeGreaterThan(0);
      const codes = job.podFailurePolicy.rules
        .filter(({ action }) => action === 'FailJob')
        .flatMap(({ onExitCodes }) => onExitCodes?.values ?? []);
      expect(codes, of).toEqual(expect.arrayContaining([2, 78]));
      expect(codes, of).not.toContain(1);
    }
  });

  it('by the calendar run one at a time, may begin late, and leave what failed for people to look at', () => {
    expect(cronJobs().length).toBeGreaterThan(5);
    for (const { object, spec } of cronJobs()) {
      const at = object.metadata.name;
      expect(spec.concurrencyPolicy, at).toBe('Forbid');
      expect(spec.startingDeadlineSeconds, at).toBeGreaterThan(0);
      expect(spec.failedJobsHistoryLimit, at).toBeGreaterThan(1);
    }
  });

  it('with an object store are all that the product has; without one those that need none', () => {
    const names = cronJobs()
      .map(({ object }) => object.metadata.labels?.['parlance.dev/job'])
      .filter((name) => name !== undefined);
    const always = ['apply-retention', 'audit', 'create-months', 'migrate-tiers', 'seal-month', 'verify'];
    const archive = ['archive-months', 'backup', 'backup-full', 'scrub-archive'];
    const hasArchive = chart.objects.some(({ data }) => data?.['ARCHIVE_DRIVER'] === 's3');
    expect(names.toSorted()).toEqual([...always, ...(hasArchive ? archive : [])].toSorted());
  });

  it('that are hooks are removed when they are done', () => {
    const hooks = chart.objects.filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] !== undefined);
    for (const { kind, metadata } of hooks) {
      expect(metadata.annotations?.['helm.sh/hook-delete-policy'], `${kind} ${metadata.name}`).toMatch(
        /before-hook-creation,hook-succeeded/,
      );
    }
  });
});

interface CronJobSpec {
  readonly concurrencyPolicy: string;
  readonly startingDeadlineSeconds: number;
  readonly failedJobsHistoryLimit: number;
  readonly jobTemplate: { readonly spec: JobSpec };
}

interface JobSpec {
  readonly activeDeadlineSeconds: number;
  readonly ttlSecondsAfterFinished: number;
  readonly backoffLimit: number;
  readonly podFailurePolicy: {
    readonly rules: readonly {
      readonly action: string;
      readonly onExitCodes?: { readonly values: readonly number[] };
    }[];
  };
}
