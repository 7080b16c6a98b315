import {
  type DerivedObjectOptions,
  type DerivedSource,
  type DicomObject,
  DicomResultError,
  type SourceSlice,
  writeParametricMap,
} from '@voxelwise/dicom';
import { PERFUSION_MAPS, type PerfusionMap } from '../../core/index.ts';
import { MAP_DISPLAYS } from '../color-map/map-display.ts';
import { conventionInWords, isDeconvolved, methodName } from '../convention-in-words.ts';
import type { PerfusionResult, PerfusionSettings } from '../perfusion-result.ts';
import { CODES, deconvolutionCode, MAP_QUANTITIES, techniqueCode, unitCode } from './perfusion-codes.ts';

/** What DerivationDescription (ST) holds. */
const LONGEST_DESCRIPTION = 1024;

export interface MapOptions extends Pick<DerivedObjectOptions, 'now' | 'newUid' | 'software' | 'bodyPartExamined'> {
  readonly seriesNumber: () => number;
  /** For every slice of the source the images of the other time points. */
  readonly furtherImages?: readonly (readonly SourceSlice[])[];
}

/**
 * Every map as a Parametric Map of its own series: values as they are, NaN outside the mask.
 * @param source the slices of the time point that results belong to, in the order of the maps
 * @throws DicomResultError where a map cannot be written; the message names it
 */
export function writeMaps(
  source: DerivedSource,
  result: PerfusionResult,
  { seriesNumber, furtherImages, ...options }: MapOptions,
): Record<PerfusionMap, DicomObject> {
  const { settings, dimensions, display } = result;
  const write = (map: PerfusionMap): DicomObject => {
    const { name } = MAP_DISPLAYS[map];
    const method = isDeconvolved(map) ? `, ${methodName(settings.method)}` : '';
    try {
      return writeParametricMap(
        source,
        {
          voxels: result.maps[map],
          dimensions,
          quantity: MAP_QUANTITIES[map],
          units: unitCode(map, settings.constants),
          label: map,
          explanation: name,
          displayRange: display.ranges[map],
        },
        {
          ...options,
          seriesNumber: seriesNumber(),
          // LO has 64 characters, which the longest of them reaches.
          seriesDescription: `${map}${method}`,
          anatomicRegion: CODES.brain,
          methods: methodsOf(map, settings),
          derivation: CODES.derivation,
          derivationDescription: describe(settings),
          ...(furtherImages && { furtherImages }),
        },
      );
    } catch (error) {
      if (!(error instanceof DicomResultError)) throw error;
      throw new DicomResultError(`${map}: ${error.message}`);
    }
  };
  return Object.fromEntries(PERFUSION_MAPS.map(map => [map, write(map)])) as Record<PerfusionMap, DicomObject>;
}

function methodsOf(map: PerfusionMap, { signal, method, aif }: PerfusionSettings) {
  return [
    techniqueCode(signal),
    ...(isDeconvolved(map) ? [deconvolutionCode(method)] : []),
    ...(map === 'TTP' ? [] : [aif.chosenBy === 'automatic' ? CODES.aifAutomatic : CODES.aifByReader]),
  ];
}

function describe(settings: PerfusionSettings): string {
  const text = conventionInWords(settings).join('. ');
  return text.length <= LONGEST_DESCRIPTION ? text : `${text.slice(0, LONGEST_DESCRIPTION - 3)}...`;
}
