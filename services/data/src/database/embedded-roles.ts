import pg from 'pg';
import { errorCode, UserError } from '../user-error.ts';
import { SUPERUSER } from './embedded-cluster.ts';
import type { EmbeddedFolder, Passwords } from './embedded-folder.ts';

export const DATABASE = 'voxelwise';
export const OWNER = 'voxelwise_owner';
export const APPLICATION = 'voxelwise_app';

const WRONG_PASSWORD = '28P01';

/** Makes the two roles and the database where they are missing, with the passwords of the folder. */
export async function makeRoles(place: EmbeddedFolder, port: number, passwords: Passwords): Promise<void> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password: passwords.superuser,
    database: 'postgres',
  });
  await client.connect().catch(error => {
    if (errorCode(error) !== WRONG_PASSWORD) throw error;
    throw new UserError(
      `${place.passwords} does not fit the database beside it. Bring back the file that belongs to it, ` +
        'or move the whole folder away to start with an empty database.',
    );
  });
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
