import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface TestS3Server {
  /** A URL for `openObjectStore`, with a bucket of its own. */
  url(bucket: string): string;
  environment: NodeJS.ProcessEnv;
  /** Uploads in parts that the server still holds. */
  unfinishedUploads(): number;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

const SCRIPT = `
  const { startFauxqs } = await import('fauxqs');
  const [port, folder, ...buckets] = process.argv.slice(1);
  const server = await startFauxqs({
    port: Number(port), host: '127.0.0.1', logger: false, s3StorageDir: folder, init: { buckets },
  });
  console.log(server.port);`;

/** Starts fauxqs, an S3 server, in a process of its own, with these buckets and its data in a folder of its own. */
export async function startS3Server(...buckets: string[]): Promise<TestS3Server> {
  const folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-s3-'));
  let child: ChildProcess;
  let port = 0;

  const start = async () => {
    child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, String(port), folder, ...buckets], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface(child.stdout!), 'line');
    port = Number(line);
  };
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };

  await start();
  return {
    url: bucket => `s3://${bucket}?endpoint=http://127.0.0.1:${port}`,
    environment: { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    unfinishedUploads() {
      const uploads = path.join(folder, '_multipart');
      return existsSync(uploads) ? readdirSync(uploads).length : 0;
    },
    kill,
    async restart() {
      await kill();
      await start();
    },
    async stop() {
      await kill();
      await rm(folder, { recursive: true });
    },
  };
}
