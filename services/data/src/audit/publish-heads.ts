import type { Database } from '../database/connection.ts';
import { UserError } from '../user-error.ts';
import { Frontier } from './merkle-tree.ts';
import type { OutsideHeads } from './outside-heads.ts';
import { outsideHeadBytes, outsideHeadName } from './tree-head.ts';
import { headsAfter, leavesBetween } from './tree-store.ts';

const PAGE = 100;

/**
 * Writes every head of the database outside that is not there, byte for byte as it was: for a new, empty place for heads, such as
 * after a restore on a new machine.
 *
 * @returns how many were written
 * @throws UserError where the leaves of the database do not give a head's root: what was changed is not spread
 */
export async function publishHeads({ pool }: Pick<Database, 'pool'>, outside: OutsideHeads): Promise<number> {
  const there = new Set<string>();
  for await (const name of outside.list()) there.add(name);
  const frontier = new Frontier();
  let written = 0;
  for (;;) {
    const heads = await headsAfter(pool, frontier.size, PAGE);
    for (const head of heads) {
      const from = frontier.size;
      const leaves = await leavesBetween(pool, from, head.size);
      for (const leaf of leaves) frontier.append(leaf.hash);
      if (!frontier.root().equals(head.root)) {
        throw new UserError(`The tree head of ${head.size} events is not that of its leaves. Run verify-audit.`);
      }
      const name = outsideHeadName(head);
      if (there.has(name)) continue;
      await outside.write(name, outsideHeadBytes({ head, from, leaves }));
      written += 1;
    }
    if (heads.length < PAGE) return written;
  }
}
