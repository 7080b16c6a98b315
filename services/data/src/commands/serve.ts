import { startService } from '../start-service.ts';
import type { CommandContext } from './command-line.ts';

/** `serve` and `worker`: until the process is told to stop. A second signal ends it at once. */
export async function runServe(context: CommandContext, work: 'api' | 'worker'): Promise<number> {
  const stopped = new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    // Whoever started this process holds the other end, and has gone when it closes, however that came about.
    if (context.options.attached) process.stdin.resume().once('close', () => resolve());
  });
  const { configuration, postgres } = await context.setup();
  try {
    const service = await startService(configuration, work);
    // Whoever started this process waits for this line.
    console.log(JSON.stringify({ ready: true, url: service.url, isLocal: configuration.oidc === null }));
    await stopped;
    await service.stop();
  } finally {
    await postgres?.stop();
  }
  return 0;
}
