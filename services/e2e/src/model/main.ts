import { readOptions } from '../program/read-options.js';
import { fullConfigurations, quickConfigurations } from './configurations.js';
import { controls } from './controls.js';
import { runConfigurations, runControls } from './run-model.js';

const help = `Explores every state of a model of the message log (docs/model.md).

usage: node services/e2e/dist/model/main.js [--quick] [--only TEXT] [--no-controls]

  --quick         the small configurations that every test run explores
  --only TEXT     configurations and controls whose names contain TEXT
  --no-controls   only the rules as built
  --help          this text

Exits with 1 when the rules as built break a promise, or a control does not.
`;

const given = readOptions(help, {}, { texts: ['only'], flags: ['quick', 'no-controls'] });
const { only = '', quick, 'no-controls': withoutControls } = given;
const isWanted = ({ name }: { readonly name: string }): boolean => name.includes(only);
const chosen = (quick ? quickConfigurations : fullConfigurations).filter(isWanted);
const broken = withoutControls ? undefined : runControls(controls.filter(isWanted));
if (broken) process.stdout.write(`${broken.report}\n\n`);
const sound = runConfigurations(chosen, (line) => void process.stderr.write(`${line}\n`));
process.stdout.write(`${sound.report}\n\n`);
const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
const { user, system } = process.cpuUsage();
process.stdout.write(`${Math.round((user + system) / 1e6)} s of CPU in all, peak memory ${peakMb} MB\n`);
process.exitCode = sound.passed && (broken?.passed ?? true) ? 0 : 1;
