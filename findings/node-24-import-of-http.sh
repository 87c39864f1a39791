#!/usr/bin/env bash
# An `import` of node:http in a module copies every export, and so reads those that are loaded when somebody first reads them: the
# WebSocket, MessageEvent and CloseEvent of undici, which is loaded with all that it needs.
#
# Expected: what is lazy stays lazy until it is used, as with `require`.
# Seen:     `import` loads undici, 40 ms of CPU and 14 MB; `require` does not.
# Way out:  `process.getBuiltinModule('node:http')`.
#
# Versions: Node 24.21.0.
set -euo pipefail
for how in "import('node:http')" "Promise.resolve(require('node:http'))"; do
  node -e "
    const { rss } = process.memoryUsage();
    $how.then(() => {
      const loaded = process.moduleLoadList.includes('NativeModule internal/deps/undici/undici');
      console.log(\`$how\`, 'undici loaded:', loaded, Math.round((process.memoryUsage().rss - rss) / 1e6), 'MB');
    });"
done
