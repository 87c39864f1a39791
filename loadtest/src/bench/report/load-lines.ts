import { faultsOf } from '../measure/accept.ts';
import type { Measurement } from '../measure/measure-load.ts';

/** One measurement for people: a line of its own a process. */
export function loadLines({ system, result, cpu, ...rest }: Measurement, ordered: boolean): string {
  const total = cpu.reduce((sum, { user }) => sum + user, 0);
  const faults = faultsOf(result, ordered);
  const operations = Object.entries({ ...rest.commands, ...rest.operations }).filter(([, count]) => count >= 0.005);
  return [
    `${system} at ${result.ratePerSecond}/s for ${result.seconds} s: ${faults.length === 0 ? 'every message to every member, in order, once' : faults.join(', ')}`,
    `  CPU a message    ${us(rest.cpuUs)} us = ${us(total)} user + ${us(rest.cpuUs - total)} system (generator ${us(rest.generatorUs)} more; others' processes ${(100 * rest.foreignCores).toFixed(0)} % of a core)`,
    ...cpu.map(
      ({ name, user, system }) =>
        `    ${name.padEnd(14)} ${us(user + system).padStart(6)} us = ${us(user)} user + ${us(system)} system`,
    ),
    `  ack              p50 ${ms(result.ackMs.p50)}, p99 ${ms(result.ackMs.p99)}, max ${ms(result.ackMs.max)} ms`,
    `  delivery         p50 ${ms(result.deliveryMs.p50)}, p99 ${ms(result.deliveryMs.p99)}, max ${ms(result.deliveryMs.max)} ms`,
    `  messages         ${result.sent} due, ${result.acked} acknowledged, ${result.deliveries} deliveries, ${result.late} sent late`,
    `  operations       ${operations.map(([name, count]) => `${name} ${count.toFixed(2)}`).join(', ')} a message`,
  ].join('\n');
}

function us(value: number): string {
  return value.toFixed(0);
}

function ms(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0);
}
