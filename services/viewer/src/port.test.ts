import { createServer } from 'node:http';
import { checkPortIsFree, listen } from './port.ts';
import { UserError } from './user-error.ts';
import { cleanUp, serve } from './viewer.test-support.ts';

afterEach(cleanUp);

test('a port in use is a sentence that names the next one', async () => {
  const port = Number(new URL(await serve(() => {})).port);
  await expect(checkPortIsFree(port, '127.0.0.1')).rejects.toThrow(UserError);
  await expect(checkPortIsFree(port, '127.0.0.1')).rejects.toThrow(`npm start -- --port ${port + 1}`);
});

test('the highest port has no next one to suggest', async () => {
  const busy = createServer();
  const taken = await listen(busy, 65535, '127.0.0.1').catch(() => 65535); // somebody else's will do too
  try {
    await expect(checkPortIsFree(taken, '127.0.0.1')).rejects.not.toThrow('65536');
  } finally {
    await new Promise(resolve => busy.close(resolve));
  }
});

test('a free port stays free after the check', async () => {
  const server = createServer();
  const port = await listen(server, 0, '127.0.0.1');
  await new Promise(resolve => server.close(resolve));
  await checkPortIsFree(port, '127.0.0.1');
  await checkPortIsFree(port, '127.0.0.1');
});

test('an address of another machine is a sentence', async () => {
  await expect(checkPortIsFree(18999, '192.0.2.1')).rejects.toThrow('192.0.2.1 is not an address of this machine');
});
