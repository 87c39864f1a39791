import { isSharded, type MonthDocument, type MonthYear, majority, parseMonth } from '@parlance/storage';
import { type Command, UsageError } from '../cli/command.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import type { JobContext } from '../job-context.js';
import { repairBalancer } from '../mongo/cluster/balancer.js';
import { readShards } from '../mongo/cluster/cluster-shards.js';
import { ShardConnections } from '../mongo/cluster/shard-connections.js';
import { noteVerified } from '../months/month-registry.js';
import { faultsOf, type MonthFault } from './month-faults.js';
import { readVerifiedMonth, type VerifiedCluster } from './read-verified-month.js';

/** What `verify` is asked for. */
export interface VerifyOptions {
  /** Only this month; undefined for all. */
  readonly month: MonthYear | undefined;
  /** Leave out what reads every record. */
  readonly quick: boolean;
}

/** `jobs verify`: whether months are where and what they should be. */
export const verifyCommand: Command = {
  name: 'verify',
  usage: 'verify [--month YYYY-MM] [--quick]',
  doc: 'Compares months with what is known of them: collection, zone, shards, counts, digest, archive, what is left on other shards. --quick reads no records.',
  alone: false,
  options: { month: { type: 'string' }, quick: { type: 'boolean' } },
  run(values, context) {
    const month = values['month'] === undefined ? undefined : parseMonth(String(values['month']));
    if (values['month'] !== undefined && !month) throw new UsageError('--month must be YYYY-MM');
    return verify({ month, quick: values['quick'] === true }, context);
  },
};

/**
 * Looks at every month, tells each fault and ends with `found` when there is one; a month without faults gets the time of
 * its verification, and its digest where it had none. Also switches on a balancer that a dead job has left off, which is a
 * fault. Changes nothing else and may run beside any job: what one is working on is left out.
 * @throws what the driver throws.
 */
export async function verify({ month, quick }: VerifyOptions, context: JobContext): Promise<ExitCode> {
  const { database, config, report, findings, signal } = context;
  const sharded = await isSharded(database);
  await using connections = new ShardConnections(database, config.mongoUri);
  const cluster: VerifiedCluster | undefined = sharded
    ? { connections, shards: await readShards(database) }
    : undefined;
  let faults = 0;
  const tell = (fault: string, text: string, of: MonthYear | null, ranges = 1): void => {
    faults += 1;
    findings.add(fault, ranges);
    report.done(`fault: ${of ? `${of}: ` : ''}${text}`, { fault, month: of, text });
  };
  const repaired = sharded ? await repairBalancer(database) : undefined;
  if (repaired !== undefined)
    tell('balancer', `a dead ${repaired} had left MongoDB's balancer off; it is on again`, null);
  const wanted = month ? { monthYear: month } : {};
  const entries = await database.months.find(wanted, { ...majority(30_000), sort: { monthYear: -1 } }).toArray();
  if (month && entries.length === 0) tell('unregistered', 'it is not registered', month);
  for (const entry of entries) {
    signal.throwIfAborted();
    await verifyMonth(entry, cluster, quick, context, ({ kind, text, ranges }) =>
      tell(kind, text, entry.monthYear, ranges),
    );
  }
  report.done(`${faults === 0 ? 'no faults' : `${faults} faults`} in ${entries.length} months`, {
    faults,
    months: entries.length,
  });
  return faults === 0 ? exitCode.done : exitCode.found;
}

async function verifyMonth(
  entry: MonthDocument,
  cluster: VerifiedCluster | undefined,
  quick: boolean,
  context: JobContext,
  tell: (fault: MonthFault) => void,
): Promise<void> {
  const found = await readVerifiedMonth(context, entry, cluster, !quick);
  const faults = faultsOf(found);
  for (const fault of faults) tell(fault);
  if (faults.length === 0 && !quick) {
    await noteVerified(context.database, entry, new Date(await context.now()), found.digest);
  }
}
