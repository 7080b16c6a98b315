import { calciumCommand } from './calcium/command.ts';
import { oneLine, Refusal } from './refusal.ts';
import { USAGE } from './usage.ts';

/** Where a command writes. */
export interface Terminal {
  readonly version: string;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Shows what is going on, in place of what it showed before; does nothing when nobody watches. */
  readonly progress: (message: string) => void;
}

/** Exit codes of the program. */
export const EXIT = { done: 0, failed: 1, refused: 2 } as const;

/** Runs one command line (without node and script). Never throws; the result is the exit code. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await dispatch(args, terminal);
    return EXIT.done;
  } catch (error) {
    terminal.progress('');
    if (error instanceof Refusal) {
      terminal.error(`${error.message}\n`);
      return EXIT.refused;
    }
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    terminal.error(`voxelwise failed unexpectedly, please report this: ${reason}\n`);
    return EXIT.failed;
  }
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<void> {
  const [command, ...rest] = args;
  const options = args.slice(0, args.includes('--') ? args.indexOf('--') : args.length);
  if (command === undefined || options.includes('--help') || options.includes('-h') || command === 'help') {
    terminal.out(USAGE);
  } else if (options.includes('--version')) {
    terminal.out(`${terminal.version}\n`);
  } else if (command === 'calcium') {
    await calciumCommand(rest, terminal);
  } else {
    throw new Refusal(`voxelwise has no command "${oneLine(command)}"; voxelwise --help lists the commands.`);
  }
}
