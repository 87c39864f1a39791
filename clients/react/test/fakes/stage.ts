import type { ReactElement, ReactNode } from 'react';
import type { Root } from 'react-dom/client';
import { settled } from '../../../typescript/test/fakes/fake-clock.js';
import { type FakeStack, fakeStack } from '../../../typescript/test/fakes/fake-stack.js';
import { type LoadedReact, loadReact, type reactVersions } from './load-react.js';

/** A page of one React with a client whose gateway and clock a test holds in its hands. */
export class Stage implements Disposable {
  readonly container: HTMLElement = document.createElement('main');
  private root: Root | undefined;

  private constructor(
    readonly stack: FakeStack,
    readonly loaded: LoadedReact,
    private readonly isStrict: boolean,
  ) {
    document.body.append(this.container);
  }

  /** @param isStrict whether components are mounted, unmounted and mounted at once, as in development. */
  static async of(version: (typeof reactVersions)[number], { isStrict = false } = {}): Promise<Stage> {
    Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true);
    return new Stage(fakeStack(), await loadReact(version), isStrict);
  }

  /** A component below the provider of a client, in StrictMode if so wished. */
  page(child: ReactNode, client = this.stack.client): ReactElement {
    const { react, hooks } = this.loaded;
    const page = react.createElement(hooks.ParlanceProvider, { client }, child);
    return this.isStrict ? react.createElement(react.StrictMode, null, page) : page;
  }

  /** Renders it; resolves when everything that follows is over. */
  async show(child: ReactNode, client = this.stack.client): Promise<void> {
    this.root ??= this.loaded.dom.createRoot(this.container);
    const root = this.root;
    await this.act(() => root.render(this.page(child, client)));
  }

  /** Renders it as a page does, when React finds the time; resolves some tasks after `isThere`. */
  async showByItself(child: ReactNode, isThere: () => boolean): Promise<void> {
    Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', false);
    this.root ??= this.loaded.dom.createRoot(this.container);
    this.root.render(this.page(child));
    while (!isThere()) await nextTask();
    for (let task = 0; task < 10; task++) await nextTask();
    Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true);
  }

  /** Takes a page over that a server has rendered. */
  async hydrate(child: ReactNode, onRecoverableError: (error: unknown) => void): Promise<void> {
    await this.act(() => {
      this.root = this.loaded.dom.hydrateRoot(this.container, this.page(child), { onRecoverableError });
    });
  }

  /** Unmounts everything. */
  async hide(): Promise<void> {
    const root = this.root;
    this.root = undefined;
    if (root) await this.act(() => root.unmount());
  }

  /** Does something, and lets the clock pass; resolves when everything that follows is rendered. */
  async act(work: () => void, ms = 0): Promise<void> {
    await this.loaded.react.act(async () => {
      work();
      await this.stack.clock.pass(ms);
      await settled();
    });
  }

  get text(): string {
    return this.container.textContent ?? '';
  }

  [Symbol.dispose](): void {
    this.container.remove();
  }
}

/** Resolves when everything that waited for its turn has had one. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
