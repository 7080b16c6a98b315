// Runs with `npm ci`. Written for any Node there is, because an old one must be able to read it.
'use strict';
// biome-ignore lint/style/useNodejsImportProtocol: Node before 14.18 does not know it, and must get as far as the message
var execFileSync = require('child_process').execFileSync;

var MINIMUM = [20, 19];

/** @param {string} version e.g. "v20.20.2" */
function isSupported(version) {
  var parts = version.replace(/^v/, '').split('.').map(Number);
  return parts[0] > MINIMUM[0] || (parts[0] === MINIMUM[0] && parts[1] >= MINIMUM[1]);
}

// Inside npm scripts `node` is the Node 24 that comes with the repository; the machine's own is the one that runs npm.
var machineNode = process.env.npm_node_execpath;
var version = machineNode ? String(execFileSync(machineNode, ['--version'])).trim() : process.version;
if (!isSupported(version)) {
  console.error(
    'Voxelwise needs Node ' +
      MINIMUM.join('.') +
      ' or newer to install and start; this is Node ' +
      version.replace(/^v/, '') +
      '. Install a newer Node (https://nodejs.org) and run the command again.',
  );
  process.exit(1);
}
