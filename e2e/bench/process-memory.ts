import { readFileSync, writeFileSync } from 'node:fs';
import type { Browser } from '@playwright/test';
import type { ProcessMemory } from './page/rows.ts';

/** Bytes of a line of /proc/<pid>/status, such as "VmHWM:   123 kB". */
function statusBytes(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return match ? Number(match[1]) * 1024 : 0;
}

/**
 * Watches the resident memory of a browser's page and GPU processes by the kernel's own high-water mark, which is set
 * back at the beginning. Linux alone offers that; elsewhere nothing is measured.
 */
export function processMemory(browser: Browser): { begin(): Promise<void>; end(): Promise<ProcessMemory | null> } {
  let before: Map<number, number> | undefined;

  async function processes(): Promise<number[]> {
    const session = await browser.newBrowserCDPSession();
    try {
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      return processInfo.filter(({ type }) => type === 'renderer' || type === 'GPU').map(({ id }) => id);
    } finally {
      await session.detach();
    }
  }

  return {
    async begin() {
      if (process.platform !== 'linux') return;
      const found = new Map<number, number>();
      try {
        for (const pid of await processes()) {
          writeFileSync(`/proc/${pid}/clear_refs`, '5');
          found.set(pid, statusBytes(pid, 'VmRSS'));
        }
        before = found;
      } catch (error) {
        console.error(`Memory is not measured: ${error instanceof Error ? error.message : error}`);
      }
    },
    async end() {
      if (!before) return null;
      let beforeBytes = 0;
      let peakAboveBytes = 0;
      for (const pid of await processes()) {
        const known = before.get(pid) ?? 0;
        beforeBytes += known;
        peakAboveBytes += Math.max(0, statusBytes(pid, 'VmHWM') - known);
      }
      return { beforeBytes, peakAboveBytes };
    },
  };
}

/** The same for this process and its threads: bytes held at the beginning and most bytes held since. Null where Linux is not. */
export function ownMemory(): (() => ProcessMemory) | null {
  if (process.platform !== 'linux') return null;
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch (error) {
    console.error(`Memory is not measured: ${error instanceof Error ? error.message : error}`);
    return null;
  }
  const beforeBytes = statusBytes(process.pid, 'VmRSS');
  return () => ({ beforeBytes, peakAboveBytes: statusBytes(process.pid, 'VmHWM') - beforeBytes });
}
