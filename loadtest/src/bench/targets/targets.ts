import type { Bench } from '../bench.ts';
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
  /** Time that it may take, servers and starts included; where pairs are measured, so many as this is enough for. */
  readonly seconds: number;
  readonly measure: (bench: Bench) => Promise<void>;
}

/** All of them, by their number. Their times are what README.md adds up. */
export const targets: Readonly<Record<string, Target>> = {
  P1: { title: 'capacity', seconds: 235, measure: measureCapacity },
  P2: { title: 'the cost of a message', seconds: 175, measure: measureCost },
  P3: { title: 'the cost with little to do', seconds: 85, measure: measureUnloaded },
  P4: { title: 'the cost of a delivery', seconds: 95, measure: measureDeliveries },
  P5: { title: 'receipts', seconds: 75, measure: measureReceipts },
  P6: { title: 'what idle connections cost', seconds: 190, measure: measureIdle },
  P7: { title: 'more gateways', seconds: 140, measure: measureScaleOut },
  P8: { title: 'pages of history', seconds: 60, measure: measureHistory },
  P9: { title: 'what others notice', seconds: 90, measure: measureIsolation },
  P10: { title: 'everybody comes back', seconds: 50, measure: measureReconnect },
};
