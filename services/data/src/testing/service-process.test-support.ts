import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

const PROGRAM = path.join(import.meta.dirname, '..', 'main.ts');

/** The service as a process of its own, as an administrator runs it. */
export interface ServiceProcess {
  readonly pid: number;
  readonly url: string;
  readonly port: number;
  /** Resolves once the process has ended. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

export interface ProcessOptions {
  /** Added to the environment of this process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Options of node itself, such as --cpu-prof. */
  readonly nodeOptions?: readonly string[];
}

/**
 * Starts `voxelwise-data serve` and waits until it answers.
 * @throws Error with what the process said where it ends before
 */
export async function startServiceProcess(options: ProcessOptions): Promise<ServiceProcess> {
  const child = spawnProgram(['serve'], options);
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()));
  const { url } = await readyLine(child);
  return {
    pid: child.pid!,
    url,
    port: Number(new URL(url).port),
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

/** Runs a command of the service, such as verify-audit, to its end. */
export async function runServiceCommand(
  programArguments: readonly string[],
  options: ProcessOptions,
): Promise<{ exitCode: number | null; output: string }> {
  const child = spawnProgram(programArguments, options);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream!.setEncoding('utf8').on('data', text => (output += text));
  const exitCode = await new Promise<number | null>(resolve => child.once('close', resolve));
  return { exitCode, output };
}

function spawnProgram(
  programArguments: readonly string[],
  { environment, nodeOptions = [] }: ProcessOptions,
): ChildProcess {
  return spawn(
    process.execPath,
    ['--conditions=voxelwise-source', ...nodeOptions, PROGRAM, ...programArguments],
    // Options that node was started with here, such as jest's, are none of the service's.
    { env: { ...process.env, NODE_OPTIONS: '', ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
}

/** What `serve` prints once it answers. Everything after it is read and dropped, so that the process never waits for a reader. */
function readyLine(child: ChildProcess): Promise<{ url: string }> {
  return new Promise((resolve, reject) => {
    let said = '';
    const read = (text: string) => {
      if (said.length < 20_000) said += text;
      const line = said.split('\n').find(one => one.startsWith('{"ready":true'));
      if (line?.endsWith('}')) resolve(JSON.parse(line));
    };
    for (const stream of [child.stdout, child.stderr]) stream!.setEncoding('utf8').on('data', read);
    child.once('error', reject);
    child.once('close', code => reject(new Error(`The service ended (${code}) before it was ready: ${said}`)));
  });
}
