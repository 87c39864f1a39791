/** One thing that a page has its reader do, in the order of the page. `line` is that of its marker, from 1. */
export type WalkStep =
  /** Something to save in the page's folder; `sameAs` names the file of this repository that it has to equal. */
  | {
      readonly kind: 'file';
      readonly line: number;
      readonly name: string;
      readonly text: string;
      readonly sameAs?: string;
    }
  /** A shell script that has to end with 0. */
  | { readonly kind: 'run'; readonly line: number; readonly where: 'folder' | 'checkout'; readonly text: string }
  /** A program that goes on in the background; the next step begins once its output holds `until`. */
  | { readonly kind: 'start'; readonly line: number; readonly until: string; readonly text: string }
  /** What the last `run` or `start` has to have said: these lines in this order, others may stand between. */
  | { readonly kind: 'output'; readonly line: number; readonly lines: readonly string[] };

/** A page as something to do. */
export interface Walk {
  /** Programs without which nobody can do it, as `python3`. */
  readonly needs: readonly string[];
  readonly steps: readonly WalkStep[];
}
