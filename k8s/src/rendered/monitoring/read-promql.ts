import { parser } from '@prometheus-io/lezer-promql';

/**
 * The selectors of an expression of PromQL: metrics, and labels with the values that they are compared with. Throws where it is
 * none. Variables of Grafana in place of a range count as five minutes. Pure.
 */
export function readPromql(expression: string): readonly Selector[] {
  const text = expression.replaceAll('$__rate_interval', '5m');
  const selectors: { metric: string; matchers: Matcher[] }[] = [];
  parser.parse(text).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError) throw new Error(`it is no PromQL at "${text.slice(from, from + 40)}"`);
      if (type.name === 'VectorSelector') {
        const name = node.getChild('Identifier');
        if (!name) throw new Error(`a selector has no metric: ${text.slice(from, to)}`);
        selectors.push({ metric: text.slice(name.from, name.to), matchers: [] });
      }
      if (type.name !== 'UnquotedLabelMatcher') return;
      const parts = /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/.exec(text.slice(from, to));
      if (!parts) throw new Error(`${text.slice(from, to)} is not understood`);
      const [, label = '', operator = '', value = ''] = parts;
      selectors.at(-1)?.matchers.push({ label, operator, value });
    },
  });
  if (selectors.length === 0) throw new Error('it is no PromQL that asks for a metric');
  return selectors;
}

/** `chat_gateway_requests_total{code="OK"}`. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

/** `code=~"A|B"`. */
export interface Matcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}
