import { createRequire } from 'node:module';
import { runCommandLine } from './command-line.ts';

// A reader that has seen enough (voxelwise ... | head) closes the pipe: that is not an error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
const CLEAR_LINE = '\r\u001b[K';
let isProgressShown = false;
const isInteractive = process.stderr.isTTY === true;
const progress = (message: string): void => {
  if (!isInteractive || (!message && !isProgressShown)) return;
  isProgressShown = message !== '';
  process.stderr.write(CLEAR_LINE + message.slice(0, (process.stderr.columns || 80) - 1));
};

// The exit code is set, not process.exit called, so that everything written reaches a slow reader.
process.exitCode = await runCommandLine(process.argv.slice(2), {
  version,
  out: text => {
    progress('');
    process.stdout.write(text);
  },
  error: text => {
    progress('');
    process.stderr.write(text);
  },
  progress,
  isInteractive,
});
