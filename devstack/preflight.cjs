'use strict';
// Runs before anything else, so it must be readable by any Node that is still around: no syntax later than Node 12.

/** Oldest Node that runs Parlance (package.json, "engines"). */
var NEEDED = [22, 15];

/**
 * What is wrong with this machine, as one text, or null when nothing is. `node` is like "v24.21.0", `os` and `cpu` are Node's
 * names ("linux", "x64").
 */
function problem(node, os, cpu) {
  if (os === 'win32') {
    return 'Found: Windows.\nNeeded: Linux or macOS, for the real MongoDB and Redis servers.\nHow: install WSL 2 (https://learn.microsoft.com/windows/wsl/install) and run make inside it.';
  }
  if ((os !== 'linux' && os !== 'darwin') || (cpu !== 'x64' && cpu !== 'arm64')) {
    return (
      'Found: ' +
      os +
      ' on ' +
      cpu +
      '.\nNeeded: Linux or macOS on x64 or arm64, for which MongoDB and Redis exist.\nHow: use a machine, virtual machine or container of that kind.'
    );
  }
  var found = /^v(\d+)\.(\d+)/.exec(node) || [];
  var major = Number(found[1]);
  var minor = Number(found[2]);
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return null;
  return (
    'Found: Node ' +
    node +
    '.\nNeeded: Node ' +
    NEEDED.join('.') +
    ' or later (24 is what Parlance is developed with).\n' +
    'How: https://nodejs.org/en/download, or "nvm install 24", "fnm install 24", "brew install node".'
  );
}

module.exports = { problem: problem };

if (require.main === module) {
  var text = problem(process.version, process.platform, process.arch);
  if (text !== null) {
    process.stderr.write('Parlance cannot run here.\n' + text + '\n');
    process.exit(1);
  }
}
