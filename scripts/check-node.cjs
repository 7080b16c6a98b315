// Runs before the installation and in every entry point, so it is written for any Node there is.
'use strict';
var MINIMUM = [20, 19];

/** @param {string} version e.g. "20.20.2" */
function isSupported(version) {
  var parts = version.split('.').map(Number);
  return parts[0] > MINIMUM[0] || (parts[0] === MINIMUM[0] && parts[1] >= MINIMUM[1]);
}

if (!isSupported(process.versions.node)) {
  console.error(
    'Voxelwise needs Node ' +
      MINIMUM.join('.') +
      ' or newer to install and start; this is Node ' +
      process.versions.node +
      '. Install a newer Node (https://nodejs.org) and run the command again.',
  );
  process.exit(1);
}

module.exports = { isSupported: isSupported };
