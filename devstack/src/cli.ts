import { cleanData } from './commands/clean-data.js';
import { down } from './commands/down.js';
import { env } from './commands/env.js';
import { help } from './commands/help.js';
import { logs } from './commands/logs.js';
import { restart } from './commands/restart.js';
import { complain, say } from './commands/say.js';
import { status } from './commands/status.js';
import { token } from './commands/token.js';
import { up } from './commands/up.js';
import { url } from './commands/url.js';
import { reasonOf } from './reason-of.js';

/** Runs one command of the devstack; returns the exit code. A command that throws gets one clear message and 1. */
async function cli(args: readonly string[]): Promise<number> {
  const [command = '--help', ...rest] = args;
  try {
    if (rest.includes('--help') || rest.includes('-h')) return await cli(['--help']);
    switch (command) {
      case 'up':
        return await up(rest);
      case 'down':
        return await down();
      case 'status':
        return status();
      case 'url':
        return url();
      case 'env':
        return env();
      case 'token':
        return await token(rest);
      case 'restart':
        return await restart(rest);
      case 'logs':
        return await logs(rest);
      case 'clean-data':
        return await cleanData();
      case 'help':
      case '--help':
      case '-h':
        say(help());
        return 0;
      default:
        complain(`there is no command "${command}"\n\n${help()}`);
        return 2;
    }
  } catch (error) {
    complain(reasonOf(error));
    return 1;
  }
}

process.exitCode = await cli(process.argv.slice(2));
