import { describe, expect, it } from 'vitest';
import { faultTable } from '../src/faults/fault-table.js';
import { runFaults } from '../src/faults/run-faults.js';
import { type PlantName, plants } from '../src/plants/plants.js';
import { runPlant } from '../src/plants/run-plants.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

describe('a slice of the fault runs (make test-faults and make test-plants run all of it)', () => {
  it('shows no anomaly while one fault of each kind strikes', async () => {
    const report = await runFaults({ seed: 20, sends: 3_000, clients: 40, rooms: 20, faults: 16, say });
    say(faultTable(report));
    expect(report.anomalies).toEqual([]);
    expect(report.counts).toMatchObject({ sends: 3_000, acked: 3_000, rejected: 0, unknown: 0 });
  }, 600_000);

  it.each<PlantName>(['unordered-batch', 'no-client-id-index'])(
    'catches the planted bug "%s", and the correct build passes the same run',
    async (name) => {
      const { planted, correct } = await runPlant(name, 1);
      expect(plants[name].caughtAs).toContain(planted.anomalies[0]?.name);
      expect(correct.anomalies).toEqual([]);
    },
    120_000,
  );
});
