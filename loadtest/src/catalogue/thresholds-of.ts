import { type MustHappen, mustNotHappen, type TrendName, trends } from './measures.ts';

/**
 * The thresholds of a scenario: nothing that must not happen, something of everything that it measures, and the limits that
 * were asked for.
 *
 * @param limits milliseconds by the name of the variable; 0 or none: no limit.
 */
export function thresholdsOf(
  measured: readonly TrendName[],
  limits: Readonly<Record<string, number>>,
): Record<string, string[]> {
  const happened: MustHappen[] = ['parlance_complete_sockets', 'parlance_connections', 'parlance_acknowledged_sends'];
  const counters = new Set<string>([...happened, ...measured.map((name) => trends[name].counter)]);
  const limited = measured.flatMap((name) => {
    const limitMs = limits[trends[name].limit] ?? 0;
    return limitMs > 0 ? [[name, [`p(99)<${limitMs}`]] as const] : [];
  });
  return Object.fromEntries([
    ...[...counters].map((name) => [name, ['count>0']] as const),
    ...Object.keys(mustNotHappen).map((name) => [name, ['count==0']] as const),
    ...limited,
  ]);
}
