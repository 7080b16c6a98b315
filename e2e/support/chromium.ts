import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const SYSTEM_CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of the system where there is one; undefined leaves the choice to Playwright, which has its own. */
export function systemChromium(): string | undefined {
  return [process.env.CHROMIUM_PATH, ...SYSTEM_CHROMIUM].find(path => path && existsSync(path));
}

/** Software rendering that is the same on every machine, and a browser that talks to nobody but the viewer. */
export const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

/**
 * Makes sure that a browser is there: the system's, else Playwright's own, else (Debian, as root) the package.
 * @throws Error with what to install when none of these can be had
 */
export function ensureChromium(): void {
  if (systemChromium()) return;
  const attempts: [string, string[]][] = [
    [process.execPath, ['node_modules/@playwright/test/cli.js', 'install', 'chromium']],
  ];
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    attempts.push(['apt-get', ['update', '-qq']], ['apt-get', ['install', '-y', '-qq', 'chromium']]);
  }
  for (const [command, commandArguments] of attempts) {
    try {
      execFileSync(command, commandArguments, { stdio: 'inherit' });
      if (command === process.execPath) return;
    } catch {
      console.error(`${command} ${commandArguments.join(' ')} did not work.`);
    }
  }
  if (!systemChromium()) {
    throw new Error(
      "The browser tests need Chromium: install your system's package, or set CHROMIUM_PATH to a browser.",
    );
  }
}
