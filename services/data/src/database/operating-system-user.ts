import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '../user-error.ts';

/** Who PostgreSQL's programs run as. Undefined ids: as who we are. */
export interface ServerUser {
  uid?: number;
  gid?: number;
  /** Set where a folder on the way to the programs or the data may be entered by its owner only: the capability to enter it. */
  setpriv?: string;
}

/** The way in for another user where folders above are private: reading and entering any folder, and nothing else of root's. */
const CAPABILITY = 'dac_read_search';
const CAPABILITY_BIT = 2n;

/**
 * PostgreSQL refuses to run as root. Root starts it as the owner of the data folder or of the folder above, who can then use it
 * without root, too; where that is root, as the user postgres, or else as nobody.
 *
 * @param dataFolder need not exist yet
 * @param binariesFolder holds the programs and their libraries
 * @throws {UserError} where no such user exists, or it could not reach the folders
 */
export async function serverUser(dataFolder: string, binariesFolder: string): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return {};
  const user =
    (await ownerOf(dataFolder)) ??
    (await namedOwnerOf(path.dirname(dataFolder))) ??
    (await userNamed('postgres')) ??
    (await userNamed('nobody'));
  if (!user) {
    throw new UserError(
      'PostgreSQL does not run as root, and this system has neither a user postgres nor a user nobody to run it as. ' +
        'Start as a plain user, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  const closed = (await closedFolder(dataFolder, user)) ?? (await closedFolder(binariesFolder, user));
  if (closed === undefined) return user;
  const setpriv = findSetpriv();
  if (setpriv && (await mayPassOnCapability())) return { ...user, setpriv };
  throw new UserError(
    `PostgreSQL does not run as root, and the user it would run as may not enter ${closed}. ` +
      'Start as a plain user, choose another folder with --data, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

/** Starts a program of PostgreSQL's as its user, apart from our terminal: Ctrl-C is for us, and we stop it in our own time. */
export function spawnAs(user: ServerUser, program: string, args: string[]): ChildProcess {
  const options = {
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
    // Messages that we recognize are to be in English; nothing else of our environment (passwords) is the server's.
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' },
  };
  if (process.platform === 'win32')
    return spawn(program, args, { ...options, cwd: undefined, env: process.env, detached: false });
  if (!user.setpriv) return spawn(program, args, { ...options, uid: user.uid, gid: user.gid });
  const capability = `+${CAPABILITY}`;
  const drop = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--no-new-privs'];
  const keep = [`--inh-caps=${capability}`, `--ambient-caps=${capability}`];
  return spawn(user.setpriv, [...drop, ...keep, program, ...args], options);
}

async function ownerOf(folder: string): Promise<ServerUser | undefined> {
  const found = await stat(folder).catch(() => undefined);
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : undefined;
}

/** Making a cluster, other than running one, needs a user with a name. */
async function namedOwnerOf(folder: string): Promise<ServerUser | undefined> {
  const owner = await ownerOf(folder);
  return owner && (await userNamed(String(owner.uid)));
}

/** Of util-linux. */
function findSetpriv(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin', '/bin'];
  return folders.map(folder => path.join(folder, 'setpriv')).find(file => path.isAbsolute(file) && existsSync(file));
}

async function userNamed(name: string): Promise<ServerUser | undefined> {
  try {
    const run = promisify(execFile);
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

/** The first folder on the way that the user may not enter, from the root down. Folders that do not exist yet are ours to make. */
async function closedFolder(folder: string, user: ServerUser): Promise<string | undefined> {
  const parts = path.resolve(folder).split(path.sep);
  for (let count = 2; count <= parts.length; count++) {
    const part = parts.slice(0, count).join(path.sep);
    const found = await stat(part).catch(() => undefined);
    if (!found) return undefined;
    const enter = found.uid === user.uid ? 0o100 : found.gid === user.gid ? 0o010 : 0o001;
    if ((found.mode & enter) === 0) return part;
  }
  return undefined;
}

/** Whether this process holds the capability and may give it away: containers often drop it. */
async function mayPassOnCapability(): Promise<boolean> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const has = (set: string) => {
    const mask = new RegExp(`^${set}:\\s*([0-9a-f]+)`, 'm').exec(status)?.[1];
    return mask !== undefined && (BigInt(`0x${mask}`) & (1n << CAPABILITY_BIT)) !== 0n;
  };
  return has('CapPrm') && has('CapBnd');
}
