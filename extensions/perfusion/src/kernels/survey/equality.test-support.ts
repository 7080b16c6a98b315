import { equalitySuite } from '@voxelwise/compute/testing';
import { SurveyError, survey } from '../../core/arterial/survey.ts';
import { NoBolusError } from '../../core/baseline/detect-baseline.ts';
import { strokePhantom } from '../../core/phantoms/stroke.ts';
import { dynamicVolume, type SurveyOutcome, type SurveyParameters, surveyKernel } from './index.ts';

const MR = { kind: 'susceptibility', echoTimeS: 0.03 } as const;

/** The survey that core makes at once, through the engine. */
export const equality = equalitySuite<SurveyParameters, SurveyOutcome>({
  kernel: surveyKernel,
  twin(volume, parameters) {
    try {
      return { survey: survey(dynamicVolume(volume, parameters), parameters) };
    } catch (error) {
      if (error instanceof SurveyError || error instanceof NoBolusError) return { refusal: error.message };
      throw error;
    }
  },
  *cases() {
    for (const signal of [{ kind: 'attenuation' } as const, MR]) {
      const noiseSd = signal.kind === 'attenuation' ? 2 : 10;
      const { volume } = strokePhantom({
        dimensions: [48, 48, 4],
        timePoints: 40,
        noiseSd,
        signal,
        wholeNumbers: true,
      });
      const { voxels, dimensions, timePoints, intervalS, spacingMm } = volume;
      const [nx, ny, nz] = dimensions;
      const stored = { voxels, dimensions: [nx, ny * timePoints, nz] as const };
      const parameters = { timePoints, intervalS, spacingMm, signal };
      yield { name: signal.kind, volume: stored, parameters };
      const brainMask = new Uint8Array(nx * ny * nz).fill(1, nx * 10, nx * 38);
      yield { name: `${signal.kind}, a given brain`, volume: stored, parameters: { ...parameters, brainMask } };
      const air = { ...stored, voxels: new Int16Array(voxels.length).fill(signal.kind === 'attenuation' ? -1000 : 0) };
      yield { name: `${signal.kind}, air`, volume: air, parameters };
    }
  },
  difference: (answer, twin) => differenceAt('survey', answer, twin),
});

/** Where two values differ, bit by bit, in words, or null. */
function differenceAt(path: string, mine: unknown, truth: unknown): string | null {
  if (Object.is(mine, truth)) return null;
  if (typeof mine !== 'object' || typeof truth !== 'object' || mine === null || truth === null) {
    return `${path} is ${mine}, not ${truth}`;
  }
  const keys = new Set([...Object.keys(mine), ...Object.keys(truth)]);
  for (const key of keys) {
    const [a, b] = [mine, truth].map(value => (value as Record<string, unknown>)[key]);
    const difference = differenceAt(`${path}.${key}`, a, b);
    if (difference) return difference;
  }
  return null;
}
