import type { Server } from 'node:http';
import type { DestinationStream } from 'pino';
import { recordAudit } from './audit/audit-event.ts';
import { createHandlers } from './handlers.ts';
import { createApp } from './http/app.ts';
import type { Readiness } from './http/operations.ts';
import { createHttpServer } from './http/server.ts';
import { startWorker, type Worker } from './jobs/worker.ts';
import type { CompleteConfiguration } from './local-folder.ts';
import { type OpenedServices, openServices } from './open-services.ts';
import { readinessOf } from './readiness.ts';
import { errorCode, UserError } from './user-error.ts';

export interface RunningService {
  readonly url: string;
  readonly port: number;
  readonly services: OpenedServices;
  /** Takes nothing new, ends what is under way, and lets everything go. */
  stop(): Promise<void>;
}

/** How long requests that are under way may take to end. */
const DRAIN_MS = 15_000;

/**
 * Starts the service.
 * @param work api: answers /api, and does the background work where WORKER is yes. worker: background work alone, with the addresses for
 *   operators.
 * @param logTo where log lines go; standard output where not given.
 * @throws UserError
 */
export async function startService(
  configuration: CompleteConfiguration,
  work: 'api' | 'worker',
  { logTo }: { readonly logTo?: DestinationStream } = {},
): Promise<RunningService> {
  const isWorker = work === 'worker' || configuration.hasWorker;
  const services = await openServices(configuration, { isWorker, logTo });
  let worker: Worker | null = null;
  try {
    worker = isWorker ? await startWorker(services) : null;
    let isStopping = false;
    const readiness: Readiness = { isStopping: () => isStopping, check: () => readinessOf(services) };
    const app = createApp(services, createHandlers(services), readiness, { servesApi: work === 'api' });
    const server = createHttpServer(app);
    const port = await listen(server, configuration);
    await services.database.transaction(transaction =>
      recordAudit(transaction, { type: 'service.start', outcome: 0, actor: null, site: null, detail: { work } }),
    );
    services.logger.info({ port, host: configuration.host, process: work }, 'started');
    let stopping: Promise<void> | undefined;
    const stop = async () => {
      isStopping = true;
      await drain(server);
      await worker?.stop();
      await services.close();
      services.logger.info({ process: work }, 'stopped');
    };
    return {
      url: `http://${configuration.host.includes(':') ? `[${configuration.host}]` : configuration.host}:${port}`,
      port,
      services,
      stop: () => (stopping ??= stop()),
    };
  } catch (error) {
    await worker?.stop();
    await services.close();
    throw error;
  }
}

async function listen(server: Server, { host, port }: CompleteConfiguration): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => {
      const code = errorCode(error);
      if (code === 'EADDRINUSE') reject(new UserError(`Port ${port} is in use; set PORT to another one.`));
      else if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
        reject(new UserError(`HOST is not an address of this machine.`));
      else if (code === 'EACCES')
        reject(new UserError(`Port ${port} may not be used by this user; set PORT to one above 1023.`));
      else reject(error);
    });
    server.listen(port, host, resolve);
  });
  return (server.address() as { port: number }).port;
}

/** Waits until the requests that are under way have been answered, but not for ever. */
async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()));
  server.closeIdleConnections();
  const forced = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(forced);
}
