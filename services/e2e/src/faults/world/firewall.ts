import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Cuts ports of this machine off the network by dropping packets on loopback; needs iptables and the right to use it. */
export class Firewall implements AsyncDisposable {
  private readonly rules = new Set<string>();

  private constructor() {}

  /** A firewall, or the reason why this machine has none to use. */
  static async open(): Promise<Firewall | { readonly unusable: string }> {
    try {
      await run('iptables', ['-w', '-L', 'INPUT', '-n']);
      return new Firewall();
    } catch (error) {
      return { unusable: `iptables cannot be used here: ${(error as Error).message.split('\n')[0]}` };
    }
  }

  /** Drops every packet to or from a TCP port: connections stay open and hear nothing. */
  async cutOff(port: number): Promise<void> {
    for (const side of ['--dport', '--sport']) {
      const rule = ['INPUT', '-i', 'lo', '-p', 'tcp', side, String(port), '-j', 'DROP'];
      await run('iptables', ['-w', '-I', ...rule]);
      this.rules.add(rule.join(' '));
    }
  }

  /** Undoes all of it. */
  async open(): Promise<void> {
    for (const rule of this.rules) {
      await run('iptables', ['-w', '-D', ...rule.split(' ')]);
      this.rules.delete(rule);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.open();
  }
}
