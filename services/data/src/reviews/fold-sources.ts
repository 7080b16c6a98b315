import { advance } from '../keys/pseudonyms.ts';
import { readObject } from '../objects/encrypted-objects.ts';
import { objectContext } from '../objects/object-routes.ts';
import type { Services } from '../services.ts';
import type { FoldSources } from '../truth/folded-predictions.ts';

/** What it takes to fold the reviews of this service. */
export function foldSources(services: Services): FoldSources {
  const ring = services.keys.keys();
  return {
    ring,
    newestReader: reader => advance(ring, 'person', reader),
    async openMask(site, sha256) {
      const object = await readObject(objectContext(services), { site, sha256 });
      // Where the mask of a new correction was not uploaded, storing the review says so.
      return object?.stream ?? nothing();
    },
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
