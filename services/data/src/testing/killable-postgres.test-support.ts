import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { embeddedFolder } from '../database/embedded-folder.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../database/embedded-postgres.ts';
import { runningPostmaster } from '../database/postmaster.ts';

/** A PostgreSQL of a test's own with the settings of production, which the test may kill. */
export interface KillablePostgres {
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** Kills a process that serves a connection of the application; PostgreSQL then ends all others and recovers. */
  killBackend(): Promise<void>;
  /** Kills PostgreSQL itself and starts it again, as its supervisor would. */
  killServer(): Promise<void>;
  stop(): Promise<void>;
}

export async function startKillablePostgres(folder: string): Promise<KillablePostgres> {
  const place = path.join(folder, 'postgres');
  let server: EmbeddedPostgres = await startEmbeddedPostgres({ folder: place });
  const { ownerUrl, appUrl, port } = server;
  return {
    ownerUrl,
    appUrl,
    async killBackend() {
      const client = await connect(appUrl);
      const { rows } = await client.query(
        `SELECT pid FROM pg_stat_activity WHERE application_name = 'voxelwise-data' ORDER BY random() LIMIT 1`,
      );
      if (rows[0]) process.kill(rows[0].pid, 'SIGKILL');
      await client.end().catch(() => {});
    },
    async killServer() {
      const postmaster = await runningPostmaster(embeddedFolder(place).data);
      if (!postmaster) throw new Error('PostgreSQL does not run.');
      process.kill(postmaster.pid, 'SIGKILL');
      await server.stop();
      server = await startEmbeddedPostgres({ folder: place, port });
    },
    stop: () => server.stop(),
  };
}

/** Waits for a server that is recovering. The connection may be ended by the kill. */
async function connect(url: string): Promise<pg.Client> {
  for (;;) {
    const client = new pg.Client({ connectionString: url, application_name: 'durability test' });
    client.on('error', () => {});
    try {
      await client.connect();
      return client;
    } catch {
      await sleep(50);
    }
  }
}
