import { spawn } from 'node:child_process';
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { k8sEnvironment, repository } from '../../k8s.config.js';
import { runProgram } from '../run-program.js';
import { packedNetwork } from './packed-network.js';

const ender = join(repository, 'k8s/install/end-packed-cluster.sh');

/** The tool that brings a whole Kubernetes along, at work in a folder. */
export class PackedTool {
  /** Where it works. */
  readonly place: Workplace;
  private ended: Promise<void> | undefined;
  private dismiss: () => void;

  /**
   * From now on the cluster ends with this process, however that ends.
   *
   * @param tool its folder.
   * @param workdir all that it makes.
   * @param isKept whether the folder outlives the cluster.
   */
  constructor(
    private readonly tool: string,
    private readonly workdir: string,
    private readonly isKept: boolean,
  ) {
    this.place = this.in('.');
    const guard = spawn(ender, this.enderArguments, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    // It is gone when it was dismissed.
    guard.stdin?.on('error', () => {});
    guard.unref();
    this.dismiss = () => void guard.kill('SIGKILL');
  }

  /** The same tool at work in a folder inside. It ends with this one. */
  in(name: string): Workplace {
    const workdir = join(this.workdir, name);
    const own = { ...packedNetwork, WORKDIR: workdir, KUBECONFIG: join(this.workdir, 'kubeconfig'), TIMEOUT: '480' };
    return {
      workdir,
      env: own,
      run: (script, args = [], env = {}) => this.execute(join(this.tool, script), args, { ...own, ...env }),
      execute: (program, args) => this.execute(program, args, own),
    };
  }

  /** Folders of the nodes. */
  async nodeFolders(): Promise<readonly string[]> {
    const workers = join(this.workdir, 'nodes');
    return [this.workdir, ...(await readdir(workers)).map((name) => join(workers, name))];
  }

  private async execute(
    program: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<string> {
    // What begins now would outlive it.
    if (this.ended) throw new Error(`${program} is not run any more: the cluster has ended`);
    return await runProgram(program, args, { env });
  }

  /** Whether a run before has left the cluster up. */
  isUp(): Promise<boolean> {
    return access(join(this.workdir, 'kubeconfig')).then(
      () => true,
      () => false,
    );
  }

  /** Ends the cluster and whatever works on it. */
  end(): Promise<void> {
    this.ended ??= runProgram(ender, this.enderArguments).then(() => this.dismiss());
    return this.ended;
  }

  /** From now on nobody ends it. */
  leave(): void {
    this.dismiss();
  }

  private get enderArguments(): string[] {
    return [this.tool, this.workdir, this.isKept ? 'keep' : 'remove'];
  }
}

/** A folder that the tool works in. */
export interface Workplace {
  readonly workdir: string;
  /** What programs that work there have in their environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs one of the tool's scripts, with more in its environment. Rejects when the cluster has ended. */
  run(script: string, args?: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  /** Runs another program. Rejects when the cluster has ended. */
  execute(program: string, args: readonly string[]): Promise<string>;
}

/** Where it is, or why it cannot be used here. */
export function findPackedTool(): { readonly folder: string } | { readonly missing: string } {
  const { toolsDir } = k8sEnvironment();
  if (toolsDir === undefined) return { missing: 'no packed cluster (PARLANCE_TOOLS_DIR)' };
  if (process.getuid?.() !== 0) return { missing: 'no root, which the packed cluster needs' };
  return { folder: join(toolsDir, 'k8s') };
}
