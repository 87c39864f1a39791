import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Reads every dashboard of the chart, as it lies in `folder` (`*-dashboard.json`), by its file's name. */
export async function readDashboards(folder: string): Promise<readonly Dashboard[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('-dashboard.json')).toSorted();
  return Promise.all(
    files.map(async (file) =>
      dashboardOf(file.replace('-dashboard.json', ''), await readFile(join(folder, file), 'utf8')),
    ),
  );
}

/** What of Grafana's JSON is drawn: rows of panels and where they stand. Pure. */
export function dashboardOf(name: string, json: string): Dashboard {
  const { title, panels } = JSON.parse(json) as { readonly title: string; readonly panels: readonly GrafanaPanel[] };
  const all = panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
  return {
    name,
    title,
    rows: all.filter(({ type }) => type === 'row').map((row) => ({ title: row.title, place: row.gridPos })),
    panels: all
      .filter(({ targets = [] }) => targets.length > 0)
      .map((panel) => ({
        title: panel.title,
        place: panel.gridPos,
        unit: panel.fieldConfig?.defaults.unit ?? 'short',
        queries: (panel.targets ?? []).map(({ expr, legendFormat = '' }) => ({ expr, legend: legendFormat })),
      })),
  };
}

/**
 * The query as Prometheus takes it, with the variables of a dashboard replaced by their values.
 *
 * @throws Error for a variable that has none.
 */
export function withVariables(expr: string, values: Readonly<Record<string, string>>): string {
  return expr.replaceAll(/\$\{?([a-zA-Z_]\w*)\}?/g, (variable, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${variable} has no value here: ${expr}`);
    return value;
  });
}

/** The legend of one series, with its labels in place of `{{label}}`. */
export function legendOf(legend: string, labels: Readonly<Record<string, string>>): string {
  const text = legend.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '').trim();
  if (text !== '') return text;
  return Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .join(', ');
}

/** A dashboard of Grafana. */
export interface Dashboard {
  /** "overview". */
  readonly name: string;
  readonly title: string;
  readonly rows: readonly { readonly title: string; readonly place: Place }[];
  readonly panels: readonly Panel[];
}

/** A graph of some queries. */
export interface Panel {
  readonly title: string;
  readonly place: Place;
  /** Of Grafana: `short`, `s`, `reqps`, `bytes`, `percentunit`. */
  readonly unit: string;
  readonly queries: readonly { readonly expr: string; readonly legend: string }[];
}

/** On a grid of 24 columns. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

interface GrafanaPanel {
  readonly type: string;
  readonly title: string;
  readonly gridPos: Place;
  readonly panels?: readonly GrafanaPanel[];
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat?: string }[];
}
