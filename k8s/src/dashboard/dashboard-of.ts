import type { Board, Panel } from './panel.js';

const perRow = 4;
const width = 24 / perRow;
const height = 8;
const at = (x: number, y: number, w: number, h: number) => ({ x, y, w, h });
const datasource = { type: 'prometheus', uid: '$datasource' };

const selectors: Readonly<Record<string, string>> = {
  $gateway: 'namespace="$namespace",job="$gateway"',
  $chat: 'namespace="$namespace",job="$chat"',
};

const variables = [
  { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
  ask('namespace', 'Namespace', 'label_values(chat_gateway_build_info, namespace)'),
  ask('gateway', 'Gateways', 'label_values(chat_gateway_build_info{namespace="$namespace"}, job)'),
  ask('chat', 'Chat services', 'label_values(chat_build_info{namespace="$namespace"}, job)'),
];

/**
 * A dashboard of Grafana (10 or later) as its JSON, of rows of panels: four panels side by side, and variables for the data source, the
 * namespace and the two services. Pure.
 */
export function dashboardOf({ name, title, rows }: Board): object {
  let id = 0;
  let top = 0;
  const panels = Object.entries(rows).flatMap(([row, inner]) => {
    const head = { id: ++id, type: 'row', title: row, collapsed: false, panels: [], gridPos: at(0, top++, 24, 1) };
    const shown = inner.map((panel, index) => panelOf(++id, panel, at((index % perRow) * width, top, width, height)));
    top += height * Math.ceil(inner.length / perRow);
    return [head, ...shown];
  });
  return {
    uid: `parlance-${name}`,
    title,
    // Each leads to the others.
    links: [
      {
        type: 'dashboards',
        title: 'Parlance',
        tags: ['parlance'],
        asDropdown: true,
        keepTime: true,
        includeVars: true,
      },
    ],
    tags: ['parlance'],
    schemaVersion: 39,
    editable: false,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    templating: { list: variables },
    panels,
  };
}

function ask(name: string, label: string, query: string): object {
  return {
    name,
    label,
    type: 'query',
    datasource,
    definition: query,
    query: { query, refId: name },
    refresh: 2,
    sort: 1,
  };
}

function panelOf(id: number, { title, doc, unit, queries }: Panel, gridPos: object): object {
  return {
    id,
    type: 'timeseries',
    title,
    description: doc,
    datasource,
    gridPos,
    fieldConfig: { defaults: { unit, min: 0, custom: { fillOpacity: 10, showPoints: 'never' } }, overrides: [] },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
    targets: Object.entries(queries).map(([legendFormat, expr], index) => ({
      refId: 'ABCDEF'.charAt(index),
      datasource,
      legendFormat,
      expr: expr.replaceAll(/\$(?:gateway|chat)\b/g, (name) => selectors[name] ?? name),
    })),
  };
}
