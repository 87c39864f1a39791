import { scriptsConfigMap } from './scripts-config-map.js';

// What kubectl applies, on stdout and nothing else.
process.stdout.write(`${JSON.stringify(await scriptsConfigMap(), null, 2)}\n`);
