import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Need, readConfiguration } from '../configuration.ts';
import { type CompletedSetup, completeFromEnvironment, completeFromFolder } from '../local-folder.ts';
import { UserError } from '../user-error.ts';
import { runBackup, runRestore } from './backup-restore.ts';
import { runContinueAudit } from './continue-audit-command.ts';
import { runMigrate } from './migrate-command.ts';
import { runRotateKeys } from './rotate-keys.ts';
import { runServe } from './serve.ts';
import { runVerifyAudit } from './verify-audit-command.ts';

export const HELP = `voxelwise-data: the Voxelwise data service

  voxelwise-data serve          answers /api, and does the background work unless WORKER=no
  voxelwise-data worker         does the background work alone: exports, retention, sealing of the audit trail
  voxelwise-data migrate        brings the database up to this program (MIGRATION_DATABASE_URL)
  voxelwise-data verify-audit   checks the audit trail against its signed tree heads; exit 0 verified, 1 tampering, 2 not checked
                                --heads <folder>  heads that were kept elsewhere   --json
                                --records  also every record, sealed field and object
  voxelwise-data continue-audit confirms that a restore has lost sealed events, so that sealing goes on
  voxelwise-data rotate-keys    --master  --pseudonyms  --signing   adds a new key of that sort and puts it to use
                                --create <file>   makes a new key file
  voxelwise-data backup <folder>    database and encrypted objects, without the keys: back those up apart
  voxelwise-data restore <folder>   into an empty database and object store, with proof that it is complete

Options of all: --data <folder>   takes what is not configured from this folder: an embedded PostgreSQL, objects, keys, tree heads
                --local           single-user mode: nobody signs in, only this machine is answered (serve, with --data)
                --attached        ends when its standard input ends (serve, worker)

Everything else is configured by environment variables: docs/administrators.md lists them.`;

const OPTIONS = {
  data: { type: 'string' },
  local: { type: 'boolean' },
  attached: { type: 'boolean' },
  heads: { type: 'string' },
  json: { type: 'boolean' },
  records: { type: 'boolean' },
  master: { type: 'boolean' },
  pseudonyms: { type: 'boolean' },
  signing: { type: 'boolean' },
  create: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export type CommandOptions = ReturnType<typeof parse>['values'];

/** What every command works with. */
export interface CommandContext {
  readonly options: CommandOptions;
  readonly positionals: readonly string[];
  /** Reads and completes the configuration; starts the embedded database where that is used. */
  setup(): Promise<CompletedSetup>;
}

/** Runs a command and returns the exit code. */
export async function runCommandLine(
  programArguments: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const { values: options, positionals } = parse(programArguments);
  const [command, ...rest] = positionals;
  if (options.help || command === undefined) {
    console.log(HELP);
    return options.help ? 0 : 1;
  }
  const context: CommandContext = {
    options,
    positionals: rest,
    async setup() {
      const configuration = readConfiguration(environment, options.data ? [] : needsOf(command));
      if (options.local && configuration.oidc)
        throw new UserError(
          '--local is single-user mode, in which nobody signs in; leave it out where OIDC_ISSUER is set.',
        );
      // npm runs scripts in the package's folder; INIT_CWD is where the user typed the command.
      const folder = options.data && path.resolve(environment.INIT_CWD ?? process.cwd(), options.data);
      if (!folder) return completeFromEnvironment(configuration);
      if (!configuration.oidc && !options.local && command === 'serve') {
        throw new UserError(
          'Nobody would have to sign in: set OIDC_ISSUER and OIDC_AUDIENCE, or say --local for single-user mode on this machine.',
        );
      }
      return completeFromFolder(configuration, folder);
    },
  };
  switch (command) {
    case 'serve':
      return runServe(context, 'api');
    case 'worker':
      return runServe(context, 'worker');
    case 'migrate':
      return runMigrate(context);
    case 'verify-audit':
      return runVerifyAudit(context);
    case 'continue-audit':
      return runContinueAudit(context);
    case 'rotate-keys':
      return runRotateKeys(context);
    case 'backup':
      return runBackup(context);
    case 'restore':
      return runRestore(context);
    default:
      throw new UserError(`There is no command ${command}. voxelwise-data --help lists them.`);
  }
}

/** What a command cannot do without. */
function needsOf(command: string): Need[] {
  switch (command) {
    case 'serve':
      return ['database', 'objects', 'keys', 'identity'];
    case 'migrate':
      return ['database'];
    case 'backup':
    case 'restore':
      return ['database', 'objects'];
    default:
      return ['database', 'objects', 'keys'];
  }
}

function parse(programArguments: readonly string[]) {
  try {
    return parseArgs({ args: [...programArguments], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UserError(`${(error as Error).message}. voxelwise-data --help shows what there is.`);
  }
}
