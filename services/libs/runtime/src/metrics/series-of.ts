import type { LabelSet, LabelSpec } from './metric-types.js';

/** All series that labels allow, each once; of no labels it is one without any. Pure. */
export function seriesOf(labels: LabelSpec | undefined): readonly LabelSet[] {
  if (labels === undefined) return [{}];
  if (isList(labels)) return labels;
  return Object.entries(labels).reduce<readonly LabelSet[]>(
    (sets, [label, values]) => sets.flatMap((set) => values.map((value) => ({ ...set, [label]: value }))),
    [{}],
  );
}

/** Names of labels. Pure. */
export function labelNamesOf(labels: LabelSpec | undefined): readonly string[] {
  return Object.keys(isList(labels) ? (labels[0] ?? {}) : (labels ?? {}));
}

function isList(labels: LabelSpec | undefined): labels is readonly LabelSet[] {
  return Array.isArray(labels);
}
