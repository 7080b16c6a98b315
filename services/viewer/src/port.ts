import { createServer, type Server } from 'node:http';
import { errorCode, UserError } from './user-error.ts';

/** Listens, or fails with a sentence that a user can act on. Port 0 takes any free one. */
export async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => reject(explain(error, port, host)));
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}

/** Fails at once when the port is taken, before minutes go into a start that cannot succeed. */
export async function checkPortIsFree(port: number, host: string): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  await listen(probe, port, host);
  await new Promise(resolve => probe.close(resolve));
}

function explain(error: Error, port: number, host: string): Error {
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return new UserError(
        `Port ${port} is in use by another program. Choose another one: npm start -- --port ${port < 65535 ? port + 1 : 8080}`,
      );
    case 'EACCES':
      return new UserError(
        `Port ${port} may not be opened by this user. Choose one above 1023: npm start -- --port 8080`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new UserError(`${host} is not an address of this machine. Choose another one with --host.`);
    default:
      return error;
  }
}
