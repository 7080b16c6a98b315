// Run after `npm install` where the registry at hand does not carry every platform's binaries (mirrors often leave them
// out): npm then drops those optional packages from the lock file, and `npm ci` fails everywhere, also on the platforms
// that have them. This adds them back by name and exact version; npm fetches the one that fits the machine.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const file = path.join(import.meta.dirname, '..', 'package-lock.json');
const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const CPU = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32'];

/** What a platform package's name says about where it runs: "@x/core-linux-arm64-musl". */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = OS.find(candidate => words.includes(candidate));
  const cpu = CPU.find(candidate => words.includes(candidate));
  const libc = words.some(word => word.startsWith('musl')) ? 'musl' : words.some(word => /^gnu/.test(word)) && 'glibc';
  return { ...(os && { os: [os] }), ...(cpu && { cpu: [cpu] }), ...(os === 'linux' && libc && { libc: [libc] }) };
}

const lock = JSON.parse(await readFile(file, 'utf8'));
const added = [];
for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`;
    const platform = platformOf(name);
    const isPlatformPackage = /^\d+\.\d+\.\d+/.test(version) && Object.keys(platform).length > 0;
    if (lock.packages[place] || !isPlatformPackage) continue;
    lock.packages[place] = { version, ...(entry.dev && { dev: true }), optional: true, ...platform };
    added.push(place);
  }
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
lock.packages = Object.fromEntries(sorted);
await writeFile(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? 'The lock file is complete.' : `Added ${added.length} platform packages.`);
