/** PromQL: how often a second, by labels: `rateBy('code', 'chat_grpc_calls_total{$chat}')`. Without labels of all together. */
export function rateBy(labels: string, series: string): string {
  return `${sumBy(labels)} (rate(${series}[$__rate_interval]))`;
}

/** Queries of what became of an event of sockets: those that went well, and a line for each error code that there is any of. */
export function outcomes(event: string): Readonly<Record<string, string>> {
  const requests = `chat_gateway_requests_total{$gateway,event="${event}"`;
  return { OK: rateBy('', `${requests},code="OK"}`), '{{code}}': `${rateBy('code', `${requests},code!="OK"}`)} > 0` };
}

/** Queries of a histogram: what half of all, and 99 of 100, are at most. */
export function quantiles(histogram: string, selector: string): Readonly<Record<string, string>> {
  return {
    'half of them': quantileBy(0.5, '', histogram, selector),
    '99 of 100': quantileBy(0.99, '', histogram, selector),
  };
}

/** PromQL: what a share of all are at most, by labels. */
export function quantileBy(share: number, labels: string, histogram: string, selector: string): string {
  const by = ['le', labels].filter((each) => each !== '').join(', ');
  return `histogram_quantile(${share}, ${rateBy(by, `${histogram}_bucket{${selector}}`)})`;
}

/** PromQL: the mean of what a histogram has seen, by labels. */
export function meanBy(labels: string, histogram: string, selector: string): string {
  return `${rateBy(labels, `${histogram}_sum{${selector}}`)} / ${rateBy(labels, `${histogram}_count{${selector}}`)}`;
}

function sumBy(labels: string): string {
  return labels === '' ? 'sum' : `sum by (${labels})`;
}
