import { describe, expect, it } from 'vitest';
import { faultTable } from '../../src/faults/fault-table.js';
import { runFaults } from '../../src/faults/run-faults.js';
import { type PlantName, plants } from '../../src/plants/plants.js';
import { runPlant } from '../../src/plants/run-plants.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

describe('a slice of the fault runs (make test-faults and make test-plants run all of it)', () => {
  it('shows no anomaly while one fault of each kind strikes and rooms change', async () => {
    // By this seed the links that freeze for good, which clients notice after a while, are among the first.
    const report = await runFaults({ seed: 35, sends: 3_000, clients: 40, rooms: 20, faults: 20, rounds: 20, say });
    say(faultTable(report));
    expect(report.anomalies).toEqual([]);
    // Those that rooms are changed in have sends of their own.
    const { sends } = report.counts;
    expect(sends).toBeGreaterThan(3_000);
    expect(report.counts).toEqual({ sends, acked: sends, rejected: 0, unknown: 0 });
  }, 600_000);

  it('shows no anomaly on a sharded MongoDB while its shards, config servers and router die and chunks move', async () => {
    const report = await runFaults({
      seed: 2,
      sends: 800,
      clients: 20,
      rooms: 10,
      mongo: 'smallCluster',
      faults: 4,
      only: ['chunk-move', 'mongo-kill', 'config-kill', 'router-kill'],
      rounds: 6,
      changes: ['two-admins', 'owner-and-heir', 'come-and-go'],
      say,
    });
    say(faultTable(report));
    expect(report.anomalies).toEqual([]);
    const { sends } = report.counts;
    expect(sends).toBeGreaterThan(800);
    expect(report.counts).toEqual({ sends, acked: sends, rejected: 0, unknown: 0 });
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
