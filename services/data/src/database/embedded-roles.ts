import pg from 'pg';
import { SUPERUSER } from './embedded-cluster.ts';
import type { Passwords } from './embedded-folder.ts';

export const DATABASE = 'voxelwise';
export const OWNER = 'voxelwise_owner';
export const APPLICATION = 'voxelwise_app';

/** Makes the two roles and the database where they are missing, with the passwords of the folder. */
export async function makeRoles(port: number, passwords: Passwords): Promise<void> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password: passwords.superuser,
    database: 'postgres',
  });
  await client.connect();
  try {
    const { rows } = await client.query(
      'SELECT rolname AS name FROM pg_roles UNION ALL SELECT datname FROM pg_database',
    );
    const has = (name: string) => rows.some(row => row.name === name);
    // Passwords are of our own alphabet (base64url): nothing in them needs quoting.
    if (!has(OWNER)) await client.query(`CREATE ROLE ${OWNER} LOGIN CREATEDB PASSWORD '${passwords.owner}'`);
    if (!has(APPLICATION)) await client.query(`CREATE ROLE ${APPLICATION} LOGIN PASSWORD '${passwords.application}'`);
    if (!has(DATABASE)) await client.query(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
  } finally {
    await client.end();
  }
}
