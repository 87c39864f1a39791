import type { wire } from '@parlance/proto';
import { defaultTierPolicy, type JobPolicy, type JobRunDocument, jobNames, nextStepOf } from '@parlance/storage';
import type { CallContext } from '../../requests/call-context.js';
import { toJobRun, toMonth } from './inventory.mapper.js';
import type { MongoInventoryStore } from './mongo-inventory-store.js';

/** Shows operators what jobs know. That the caller may see it is for the gateway to check: it knows the token's scope. */
export class InventoryService {
  constructor(
    private readonly store: MongoInventoryStore,
    private readonly now: () => number,
  ) {}

  /**
   * All months with what is done to them next, and the last runs of all jobs.
   * @throws STORE_UNAVAILABLE.
   */
  async listMonths(_context: CallContext, _request: wire.ListMonthsRequest): Promise<wire.ListMonthsResponse> {
    const { months, runs } = await this.store.read();
    const hasTiers = await this.store.hasTiers();
    const now = this.now();
    const policy = { ...policyOf(runs), hasTiers };
    const told: wire.Month[] = [];
    for (const month of months) {
      told.push(toMonth(month, await this.store.sizeOf(month), nextStepOf(month, now, policy)));
    }
    const kept = new Map(runs.map((run) => [run._id, run]));
    return { inventory: { months: told, jobs: jobNames.map((job) => toJobRun(job, kept.get(job), now)) } };
  }
}

/** What jobs go by, as the one says that ran last; the default while none has. */
function policyOf(runs: readonly JobRunDocument[]): JobPolicy {
  const [newest] = runs.toSorted((one, other) => other.begunAt.getTime() - one.begunAt.getTime());
  return newest?.policy ?? { ...defaultTierPolicy, hasArchive: false };
}
