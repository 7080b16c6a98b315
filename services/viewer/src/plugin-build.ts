import { spawn } from 'node:child_process';
import path from 'node:path';
import { removeStaleParts } from './atomic-write.ts';
import { UserError } from './user-error.ts';

/** Folders of what was built. */
export interface Built {
  readonly pluginsFolder: string;
  readonly pagesFolder: string;
}

/** Builds the plug-ins into `dist/plugins/` and the pages beside OHIF into `dist/pages/`; takes about a second each. */
export async function buildPluginsAndPages(repositoryRoot: string, signal: AbortSignal): Promise<Built> {
  const dist = path.join(repositoryRoot, 'dist');
  removeStaleParts(dist); // of builds that Ctrl-C ended
  await runScript(repositoryRoot, 'build-plugins.mjs', 'The plug-ins', signal);
  await runScript(repositoryRoot, 'build-pages.mjs', 'The pages', signal);
  return { pluginsFolder: path.join(dist, 'plugins'), pagesFolder: path.join(dist, 'pages') };
}

/** Runs a script of the repository. Its output is shown only when it fails. */
async function runScript(repositoryRoot: string, name: string, what: string, signal: AbortSignal): Promise<void> {
  const script = path.join(repositoryRoot, 'scripts', name);
  const child = spawn(process.execPath, [script], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  const output: Buffer[] = [];
  child.stdout.on('data', chunk => output.push(chunk));
  child.stderr.on('data', chunk => output.push(chunk));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (exitCode !== 0) {
    process.stderr.write(Buffer.concat(output));
    throw new UserError(`${what} could not be built; what the build said is above.`);
  }
}
