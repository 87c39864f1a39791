import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { repository } from '../k8s.config.js';

/**
 * A scenario of the load tests as one script: a ConfigMap has no folders, so that k6 finds nothing that a script there imports but
 * its own modules.
 */
export async function bundleScenario(name: string): Promise<string> {
  const program = await rolldown({
    input: join(repository, 'loadtest', 'scenarios', `${name}.ts`),
    external: /^k6(?:\/|$)/,
    tsconfig: false,
  });
  const { output } = await program.generate({ format: 'esm' });
  const [script] = output;
  await program.close();
  return script.code;
}
