import { randomBytes } from 'node:crypto';
import { type OptionValues, UsageError } from '../cli/command.js';
import type { StandaloneCommand } from '../cli/standalone-command.js';
import { type SecretsJobConfig, secretsJobConfig } from '../config.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import type { StandaloneContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';
import { connectKubernetes } from '../kubernetes/connect-kubernetes.js';
import { EnvFileSecretStore } from './env-file-secret-store.js';
import { FolderSecretStore } from './folder-secret-store.js';
import { KubernetesSecretStore } from './kubernetes-secret-store.js';
import { planInitSecrets, secretFaults } from './plan-init-secrets.js';
import { type SecretKind, secretKinds } from './secret-kinds.js';
import type { SecretStore } from './secret-store.js';

/** What `init-secrets` is asked for. */
export interface InitSecretsOptions {
  readonly wanted: readonly SecretKind[];
  /** Print the plan and change nothing. */
  readonly dryRun: boolean;
}

/** `jobs init-secrets`: makes up the secrets that are missing. */
export const initSecretsCommand: StandaloneCommand = {
  name: 'init-secrets',
  usage: 'init-secrets (--secret NAME | --env-file PATH | --dir PATH) [--except NAME,...] [--dry-run]',
  doc: 'Makes the secrets that are missing in a Kubernetes Secret, a file of variables or a folder; never changes one.',
  options: {
    secret: { type: 'string' },
    'env-file': { type: 'string' },
    dir: { type: 'string' },
    except: { type: 'string' },
    'dry-run': { type: 'boolean' },
  },
  configure(load) {
    const config = load(secretsJobConfig);
    return async (values, context) => {
      const options = { wanted: wantedOf(values), dryRun: values['dry-run'] === true };
      return await initSecrets(options, await storeOf(values, config), context);
    };
  },
};

/** How often it looks again when somebody else writes at the same time. */
const attempts = 5;

/**
 * Makes what is missing, and tells names, never values: `exitCode.found` when a value that was there before is one that no
 * process would start with. Repeating it changes nothing; of two at once each name is made by one.
 * @throws JobFailed.
 */
export async function initSecrets(
  { wanted, dryRun }: InitSecretsOptions,
  store: SecretStore,
  { report, checkpoint }: StandaloneContext,
): Promise<ExitCode> {
  const { where } = store;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const read = await store.read();
    const plan = planInitSecrets({ wanted, present: read.values, where, isImmutable: read.isImmutable });
    report.plan(plan);
    const faults = secretFaults({ wanted, present: read.values });
    for (const fault of faults) report.done(fault, { where });
    const ended = faults.length > 0 ? exitCode.found : exitCode.done;
    if (plan.verdict === 'refused') return exitCode.refused;
    if (plan.verdict === 'nothing' || dryRun) return ended;
    await checkpoint('init-secrets:planned');
    const made = new Set(plan.steps.map(({ name }) => name));
    const values = wanted.flatMap(({ name, make }) => (made.has(name) ? [[name, make(randomBytes)] as const] : []));
    if (await store.add(new Map(values), read)) {
      report.done(`made ${[...made].join(', ')} in ${where}`, { where, made: [...made] });
      return ended;
    }
    report.done(`${where} was changed meanwhile; looking again`, { where });
  }
  throw new JobFailed(`${where} is changed again and again by somebody else`);
}

function wantedOf(values: OptionValues): readonly SecretKind[] {
  const except = String(values['except'] ?? '')
    .split(',')
    .filter((name) => name !== '');
  const unknown = except.find((name) => !secretKinds.some((kind) => kind.name === name));
  if (unknown !== undefined) {
    throw new UsageError(`--except: there is no ${unknown} among ${secretKinds.map(({ name }) => name).join(', ')}`);
  }
  return secretKinds.filter(({ name }) => !except.includes(name));
}

async function storeOf(values: OptionValues, config: SecretsJobConfig): Promise<SecretStore> {
  const { secret, 'env-file': envFile, dir } = values;
  if ([secret, envFile, dir].filter((place) => place !== undefined).length !== 1) {
    throw new UsageError('init-secrets needs one of --secret, --env-file and --dir');
  }
  if (typeof dir === 'string') return new FolderSecretStore(dir);
  if (typeof envFile === 'string') return new EnvFileSecretStore(envFile);
  const { kubeconfig, kubernetesNamespace: namespace } = config;
  const clients = await connectKubernetes({ kubeconfig, namespace });
  return await KubernetesSecretStore.open(clients, String(secret));
}
