/** Generates the volume once for all contenders, away from the page's thread. */
import { chestPhantom } from './phantom.ts';

self.onmessage = ({ data: slices }: MessageEvent<number>) => {
  const volume = chestPhantom(slices);
  self.postMessage(volume, { transfer: [volume.voxels.buffer] });
};
