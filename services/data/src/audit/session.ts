import type pg from 'pg';

/**
 * Runs work in a transaction on one connection of its own, for what Prisma's transactions do not do: bytes and big integers by
 * the thousand.
 * @param begin such as `BEGIN ISOLATION LEVEL REPEATABLE READ`
 */
export async function inSession<Result>(
  pool: pg.Pool,
  begin: string,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  // A connection that breaks while nothing is asked of it would end the process; the next question fails anyway.
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollbackError: Error) => {
      broken ??= rollbackError;
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}
