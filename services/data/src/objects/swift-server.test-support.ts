import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';

const ACCESS_KEY = 'test:tester';
const SECRET = 'testing';
const FILTERS = ['catch_errors', 'gatekeeper', 'healthcheck', 'listing_formats', 'bulk', 's3api', 'slo', 'dlo'];

export interface TestSwift {
  url(bucket: string): string;
  environment: NodeJS.ProcessEnv;
  unfinishedUploads(bucket: string): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Starts OpenStack Swift with its S3 interface on loopback: Debian's packages swift-account, swift-container, swift-object and
 * swift-proxy. Unlike fauxqs it checks signatures and lists unfinished uploads. Takes about 10 s to start.
 */
export async function startSwift(...buckets: string[]): Promise<TestSwift> {
  const folder = mkdtempSync(path.join(tmpdir(), 'voxelwise-swift-'));
  const ports = {
    proxy: await freePort(),
    object: await freePort(),
    container: await freePort(),
    account: await freePort(),
  };
  makeRings(folder, ports);
  const servers: ChildProcess[] = [];
  for (const [kind, port] of Object.entries(ports).reverse()) servers.push(startServer(folder, kind, port));

  const endpoint = `http://127.0.0.1:${ports.proxy}`;
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET },
  });
  const stop = async () => {
    client.destroy();
    for (const server of servers) {
      if (server.exitCode !== null || server.signalCode !== null) continue;
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
    rmSync(folder, { recursive: true });
  };
  try {
    for (const port of Object.values(ports)) await listening(port);
    for (const Bucket of buckets) await client.send(new CreateBucketCommand({ Bucket }));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: bucket => `s3://${bucket}?endpoint=${endpoint}`,
    environment: { AWS_ACCESS_KEY_ID: ACCESS_KEY, AWS_SECRET_ACCESS_KEY: SECRET },
    async unfinishedUploads(Bucket) {
      return (await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads?.length ?? 0;
    },
    stop,
  };
}

/** Rings say where data lies: here on one device, once. */
function makeRings(folder: string, ports: Record<string, number>): void {
  mkdirSync(path.join(folder, 'devices', 'd1'), { recursive: true });
  for (const kind of ['account', 'container', 'object']) {
    const builder = path.join(folder, `${kind}.builder`);
    for (const command of [
      ['create', '4', '1', '1'],
      ['add', `r1z1-127.0.0.1:${ports[kind]}/d1`, '1'],
      ['rebalance'],
    ]) {
      const { status, stdout, stderr } = spawnSync('swift-ring-builder', [builder, ...command], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`swift-ring-builder: ${stdout}${stderr}`);
    }
  }
}

function startServer(folder: string, kind: string, port: number): ChildProcess {
  const common = `
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${port}
workers = 0
user = ${userInfo().username}
swift_dir = ${folder}
devices = ${path.join(folder, 'devices')}
mount_check = false
log_address = /dev/null
`;
  const proxy = `
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck cache listing_formats bulk s3api tempauth slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:9
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = ${SECRET} .admin
${FILTERS.map(filter => `[filter:${filter}]\nuse = egg:swift#${filter}\n`).join('')}`;
  const storage = `
[pipeline:main]
pipeline = ${kind}-server
[app:${kind}-server]
use = egg:swift#${kind}
`;
  const configuration = path.join(folder, `${kind}-server.conf`);
  writeFileSync(configuration, common + (kind === 'proxy' ? proxy : storage));
  return spawn(`swift-${kind}-server`, [configuration], { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    const [event] = await Promise.race([once(socket, 'connect').then(() => ['connect']), once(socket, 'close')]).catch(
      () => [],
    );
    socket.destroy();
    if (event === 'connect') return;
    await sleep(200);
  }
  throw new Error('Swift does not answer after 30 s.');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
