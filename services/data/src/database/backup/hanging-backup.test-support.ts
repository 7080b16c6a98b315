// A process of its own whose backup stays in the middle of an object, to be killed there.
import { Readable } from 'node:stream';
import { backup } from './backup.ts';

const [ownerUrl = '', folder = ''] = process.argv.slice(2);
setInterval(() => {}, 1000);
await backup({
  ownerUrl,
  folder,
  objectStore: {
    async *list() {
      yield 'endless';
    },
    getStream: async () =>
      Readable.from(
        (async function* () {
          yield Buffer.alloc(1000);
          await new Promise(() => {});
        })(),
      ),
    putStream: async () => {},
  },
});
