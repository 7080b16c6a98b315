import { createCalibration } from '../../../extensions/compute/src/engine/calibration.ts';
import { indexedDbCalibrationStore } from '../../../extensions/compute/src/engine/calibration-store.ts';
import { runKernel } from '../../../extensions/compute/src/engine/run-kernel.ts';
import { thresholdMaskKernel } from '../../../extensions/compute/src/kernels/threshold-mask/index.ts';
import { firstDifference, randomInt16Volume, seededRandom } from '../../../extensions/compute/src/testing/random.ts';
import { thresholdMask } from '../../../extensions/compute/src/twins/bit-mask.ts';
import { sharedDevice } from '../../../extensions/compute/src/webgl2/shared-device.ts';

/** Two sessions that share a store: the first measures, the second reads. `timed` counts runs of each producer. */
export async function calibratedSessions() {
  const store = indexedDbCalibrationStore();
  const volume = randomInt16Volume(seededRandom(9), [512, 512, 12], 0.1, 130);
  const before = sharedDevice().counters;
  const sessions = [];
  for (let session = 0; session < 2; session++) {
    const runs: Record<string, number> = { webgl2: 0, wasm: 0, ts: 0 };
    const counted = (producer: 'webgl2' | 'wasm' | 'ts') => ({
      ...thresholdMaskKernel.producers[producer]!,
      run: (...runArguments: Parameters<typeof thresholdMaskKernel.producers.ts.run>) => {
        runs[producer]!++;
        return thresholdMaskKernel.producers[producer]!.run(...runArguments);
      },
    });
    const kernel = {
      ...thresholdMaskKernel,
      producers: { ts: counted('ts'), wasm: counted('wasm'), webgl2: counted('webgl2') },
    };
    const calibration = createCalibration({ store });
    const { output, report } = await runKernel(kernel, volume, { threshold: 130 }, {}, calibration);
    const isEqual = firstDifference(output.words, thresholdMask(volume, 130).words) < 0;
    sessions.push({ isEqual, report, runs });
  }
  return { sessions, before, after: sharedDevice().counters };
}
