/** Characters by which texts are looked up; shorter ones may stand anywhere by chance and are left out. */
const prefixLength = 8;

/** Texts that are remembered; a run under load says more than that, and each looks the same. */
const mostTexts = 50_000;

/** Texts that must not stand in a log. Looking for all of them costs one look at each character of the log. */
export class SecretTexts {
  private readonly byPrefix = new Map<string, Set<string>>();
  private count = 0;

  /** Adds texts, also as they stand inside of JSON. Those of less than eight characters are left out. */
  add(...texts: readonly string[]): void {
    for (const text of texts.flatMap((each) => [each, JSON.stringify(each).slice(1, -1)])) {
      if (text.length < prefixLength || this.count >= mostTexts) continue;
      const prefix = text.slice(0, prefixLength);
      const known = this.byPrefix.get(prefix) ?? new Set();
      this.byPrefix.set(prefix, known);
      if (!known.has(text)) this.count += 1;
      known.add(text);
    }
  }

  /** The first of them that stands in `log`, and where it begins; undefined when none does. */
  findIn(log: string): { readonly at: number; readonly text: string } | undefined {
    for (let at = 0; at + prefixLength <= log.length; at++) {
      const candidates = this.byPrefix.get(log.slice(at, at + prefixLength));
      for (const text of candidates ?? []) if (log.startsWith(text, at)) return { at, text };
    }
    return undefined;
  }
}
