import type { Anomaly } from '../history/anomaly.js';
import type { SabotageName } from '../sabotage/sabotages.js';
import { seededRandom } from '../seeded-random.js';
import { type Plant, type PlantName, plants } from './plants.js';
import type { Scenario } from './scenario.js';
import { scenarios } from './scenarios.js';
import { Stage } from './stage.js';

/** What came of one targeted run, with the bug or without it. */
export interface RunResult {
  readonly anomalies: readonly Anomaly[];
  readonly seconds: number;
  /** The scenario could not be played to its end. */
  readonly failure?: string;
}

/** What came of one plant. */
export interface PlantResult {
  readonly name: PlantName;
  readonly scenario: string;
  readonly planted: RunResult;
  readonly correct: RunResult;
  /** It was caught by one of its names, and the correct build passed the same seed. */
  readonly ok: boolean;
}

/** Runs a plant's scenario with the bug and without it, with the same seed. */
export async function runPlant(name: PlantName, seed: number): Promise<PlantResult> {
  const plant: Plant = plants[name];
  const planted = await play(plant, seed, [name]);
  const correct = await play(plant, seed, []);
  const caught = planted.anomalies.some((each) => plant.caughtAs.includes(each.name));
  return {
    name,
    scenario: plant.scenario,
    planted,
    correct,
    ok: caught && correct.anomalies.length === 0 && correct.failure === undefined,
  };
}

async function play(plant: Plant, seed: number, bugs: readonly SabotageName[]): Promise<RunResult> {
  const scenario: Scenario = scenarios[plant.scenario];
  const since = performance.now();
  // A bug that needs the weather brings it along.
  const sabotage = bugs.length > 0 ? bugs : (plant.weather ?? []);
  await using stage = await Stage.open({ ...scenario.stage, sabotage, seed });
  let failure: string | undefined;
  try {
    await scenario.run(stage, seededRandom(seed));
  } catch (error) {
    failure = reasonOf(error);
  }
  const anomalies = await stage.finish();
  const seconds = (performance.now() - since) / 1_000;
  return { anomalies, seconds, ...(failure === undefined ? {} : { failure }) };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
