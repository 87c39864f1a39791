import type { RunningSystem } from '../systems/running-system.ts';
import { writeCalls } from './process-cpu.ts';

/** Counts by name: "writes of gateway", "gRPC frames". */
export type Operations = Readonly<Record<string, number>>;

/** What a system's processes have done since they started: calls of `write` by each, and what the gateways say of their streams and sockets. */
export async function readOperations({ processes, opsUrls = [] }: RunningSystem): Promise<Operations> {
  const operations: Record<string, number> = {};
  const add = (name: string, count: number): void => {
    operations[name] = (operations[name] ?? 0) + count;
  };
  for (const { name, pid } of processes) add(`writes of ${name.replace(/-\d+$/, 's')}`, await writeCalls(pid));
  for (const url of opsUrls) {
    const text = await (await fetch(`${url}/metrics`)).text();
    for (const [metric, name] of metrics) {
      for (const [, count] of text.matchAll(new RegExp(`^${metric}(?:\\{[^}]*\\})? (\\S+)$`, 'gm')))
        add(name, Number(count));
    }
  }
  return operations;
}

/** What came between two readings, a message. */
export function operationsSince(now: Operations, before: Operations, messages: number): Operations {
  const names = Object.keys(now);
  return Object.fromEntries(names.map((name) => [name, ((now[name] ?? 0) - (before[name] ?? 0)) / messages]));
}

const metrics = [
  ['chat_gateway_stream_frames_total', 'gRPC frames'],
  ['chat_gateway_socket_writes_total', 'socket writes'],
] as const;
