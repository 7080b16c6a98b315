import { THRESHOLD_HU } from '../answers.ts';
import type { Contender, OpenContender } from './contender.ts';

/** The part of niivue's interface that is used here: a labeling method that needs no canvas. */
interface NiivueModule {
  readonly Niivue: {
    readonly prototype: {
      bwlabel(
        image: Uint32Array,
        dimensions: Uint32Array,
        connectivity: 6 | 18 | 26,
        binarize: boolean,
        onlyLargest: boolean,
      ): [count: number, labels: Uint32Array];
    };
  };
}

interface Raw {
  readonly count: number;
  readonly labels: Uint32Array;
}

export const niivue: Contender = {
  id: 'niivue',
  job: 'components-3d',
  name: 'niivue bwlabel',
  note: 'mask in JavaScript, bwlabel 26-connected; writes a dense label image, finds no areas and no peaks',
  peer: 'niivue',
  async open({ voxels, dimensions }, peers): Promise<OpenContender<Raw>> {
    const { Niivue } = (await import(peers.niivue!.url)) as NiivueModule;
    const labeler = Object.create(Niivue.prototype) as NiivueModule['Niivue']['prototype'];
    const mask = new Uint32Array(voxels.length);
    return {
      run() {
        for (let i = 0; i < voxels.length; i++) mask[i] = voxels[i]! >= THRESHOLD_HU ? 1 : 0;
        const [count, labels] = labeler.bwlabel(mask, Uint32Array.from(dimensions), 26, true, false);
        return { count, labels };
      },
      answer({ count, labels }) {
        const areas = new Int32Array(count);
        for (let i = 0; i < labels.length; i++) if (labels[i]! > 0) areas[labels[i]! - 1]!++;
        return { components: { areas, peaks: null } };
      },
    };
  },
};
