import type { Bench } from '../bench.ts';
import type { TargetResult } from './finding.ts';
import { measureCapacity } from './p1-capacity.ts';
import { measureCost } from './p2-cost.ts';
import { measureUnloaded } from './p3-unloaded.ts';
import { measureDeliveries } from './p4-deliveries.ts';
import { measureReceipts } from './p5-receipts.ts';
import { measureIdle } from './p6-idle.ts';
import { measureScaleOut } from './p7-scale-out.ts';
import { measureHistory } from './p8-history.ts';
import { measureIsolation } from './p9-isolation.ts';
import { measureReconnect } from './p10-reconnect.ts';

/** A target by its number, and how it is measured. */
export interface Target {
  readonly title: string;
  readonly measure: (bench: Bench) => Promise<TargetResult>;
}

/** All of them, by their number. */
export const targets: Readonly<Record<string, Target>> = {
  P1: { title: 'capacity', measure: measureCapacity },
  P2: { title: 'the cost of a message', measure: measureCost },
  P3: { title: 'the cost with little to do', measure: measureUnloaded },
  P4: { title: 'the cost of a delivery', measure: measureDeliveries },
  P5: { title: 'receipts', measure: measureReceipts },
  P6: { title: 'what idle connections cost', measure: measureIdle },
  P7: { title: 'more gateways', measure: measureScaleOut },
  P8: { title: 'pages of history', measure: measureHistory },
  P9: { title: 'what others notice', measure: measureIsolation },
  P10: { title: 'everybody comes back', measure: measureReconnect },
};
