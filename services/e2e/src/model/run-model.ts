import { renderTable } from '../program/table.js';
import type { Configuration } from './configurations.js';
import type { Control } from './controls.js';
import { type Exploration, explore } from './explore.js';
import { rulesAsBuilt } from './rules.js';
import { tellStory } from './story.js';

const configurationColumns = [
  'rules as built',
  'sends',
  'states',
  'transitions',
  'depth',
  'ends',
  'CPU s',
  'MB',
  'verdict',
];

const controlColumns = ['variant', 'states', 'verdict', 'invariant', 'length of the story'];

/** What a run of the model comes to. */
export interface ModelRun {
  /** Text for a terminal. */
  readonly report: string;
  /** The rules as built kept every promise, and every control broke the one that it must break. */
  readonly passed: boolean;
}

/** Explores the rules as built within each configuration; `tell` gets what is worth a line as soon as it is known. */
export function runConfigurations(configurations: readonly Configuration[], tell: (line: string) => void): ModelRun {
  const stories: string[] = [];
  const rows = configurations.map(({ name, bounds }) => {
    tell(`exploring: ${name}`);
    const { result, seconds } = timed(() => explore(bounds, rulesAsBuilt));
    if (result.broken) stories.push('', `${name}:`, ...tellStory(result.broken, bounds));
    return [
      name,
      bounds.writers.join('+'),
      ...figures(result),
      seconds,
      Math.ceil(result.bytes / 1e6),
      result.broken?.invariant ?? 'holds',
    ];
  });
  const report = [renderTable(configurationColumns, rows), ...stories].join('\n');
  return { report, passed: stories.length === 0 };
}

/** Explores each protocol with a mistake until it breaks its promise, and tells how. */
export function runControls(controls: readonly Control[]): ModelRun {
  const stories: string[] = [];
  const rows = controls.map(({ name, bounds, rules, breaks }) => {
    const result = explore(bounds, rules, breaks);
    const story = result.broken ? tellStory(result.broken, bounds) : ['     => no state breaks it'];
    stories.push(`${name}: ${breaks}`, ...story, '');
    return [name, result.states, result.broken ? 'fails' : 'NOT FOUND', breaks, result.broken?.events.length ?? 0];
  });
  const report = [...stories, renderTable(controlColumns, rows)].join('\n');
  return { report, passed: rows.every(([, , verdict]) => verdict === 'fails') };
}

function figures({ states, transitions, depth, quiescent }: Exploration): readonly number[] {
  return [states, transitions, depth, quiescent];
}

/** Seconds of one core. */
function timed<Result>(task: () => Result): { readonly result: Result; readonly seconds: number } {
  const start = process.cpuUsage();
  const result = task();
  const { user, system } = process.cpuUsage(start);
  return { result, seconds: Math.round((user + system) / 1e5) / 10 };
}
