import { spawn } from 'node:child_process';
import path from 'node:path';
import { removeStaleParts } from './atomic-write.ts';
import { UserError } from './user-error.ts';

/**
 * Builds the plug-ins into `dist/plugins/` by running scripts/build-plugins.mjs; fast when nothing has changed.
 * Its output is shown only when it fails.
 */
export async function buildPlugins(repositoryRoot: string, signal: AbortSignal): Promise<string> {
  const dist = path.join(repositoryRoot, 'dist');
  removeStaleParts(dist); // of builds that Ctrl-C ended
  const script = path.join(repositoryRoot, 'scripts', 'build-plugins.mjs');
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
    throw new UserError('The plug-ins could not be built; what the build said is above.');
  }
  return path.join(dist, 'plugins');
}
