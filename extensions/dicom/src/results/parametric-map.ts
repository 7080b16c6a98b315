import { type Code, codeItem, dcm, sct } from './codes.ts';
import { type DataSet, DicomResultError, type Items } from './data-set.ts';
import { type DerivedObjectOptions, derivedObject } from './derived-object.ts';
import { type DicomObject, toDicomObject } from './dicom-object.ts';
import { sharedGeometry } from './frame-groups.ts';
import { mapFrames } from './parametric-map-frames.ts';
import type { DerivedSource, SourceSlice } from './source.ts';

export const PARAMETRIC_MAP_STORAGE = '1.2.840.10008.5.1.4.1.1.30';

/** Values on the voxels of the source's slices, such as blood flow. */
export interface ParametricMap {
  /** x fastest, then y, then frames in the order of the source's slices. NaN where the map has no value. */
  readonly voxels: Float32Array;
  /** [columns, rows, frames]. */
  readonly dimensions: readonly [number, number, number];
  /** What is measured (CID 7180): DCM 126390 "Absolute Regional Blood Flow". */
  readonly quantity: Code;
  /** UCUM: `ml/(100.g)/min`. */
  readonly units: Code;
  /** At most 16 characters: "CBF". */
  readonly label: string;
  /** What the values are and by which convention, at most 64 characters. */
  readonly explanation: string;
  /** Values that are shown black and white at first, in units. */
  readonly displayRange: readonly [number, number];
}

export interface ParametricMapOptions
  extends Omit<DerivedObjectOptions, 'sopClassUid' | 'modality' | 'seriesDescription'> {
  /** By default the map's explanation. */
  readonly seriesDescription?: string;
  /** Part of the body (CID 4031): SCT 12738006 "Brain". */
  readonly anatomicRegion: Code;
  readonly laterality?: 'R' | 'L' | 'U' | 'B';
  /** How the values were measured (CID 4106 and others): DCM 126311 "SVD deconvolution". */
  readonly methods?: readonly Code[];
  /** What was done to the images (CID 7203): DCM 129104 "Perfusion image analysis". */
  readonly derivation?: Code;
  /** Parameters and conventions in words, at most 1024 characters. */
  readonly derivationDescription?: string;
  /** Further images behind each frame, such as the other time points of its slice. */
  readonly furtherImages?: readonly (readonly SourceSlice[])[];
  /** Whether a face could be recognized in the map; unless this is false, the object says that it could. */
  readonly isRecognizable?: boolean;
  /** Value 3 of ImageType (PS3.3 C.8.16.1.3). */
  readonly imageFlavor?: string;
}

const UNSPECIFIED_METHOD = dcm('112187', 'Unspecified method of calculation');
const QUANTITY = sct('246205007', 'Quantity');
const MEASUREMENT_METHOD = sct('370129005', 'Measurement Method');

/**
 * Writes a map as a Parametric Map of 32-bit floats (PS3.3 A.75), frame i on slice i of the source with its orientation to the
 * digit. Values are stored as they are, NaN included: NaN means that the map has no value there.
 * @throws DicomResultError when map and source do not fit together, or the map holds an infinity or no value at all.
 */
export function writeParametricMap(
  source: DerivedSource,
  map: ParametricMap,
  options: ParametricMapOptions,
): DicomObject {
  checkGeometry(source, map);
  const [lowest, highest] = rangeOf(map);
  const [columns, rows, frames] = map.dimensions;
  const imageType = ['DERIVED', 'PRIMARY', options.imageFlavor ?? 'VOLUME', 'QUANTITY'];
  const shared: DataSet = {
    ...sharedGeometry(source),
    FrameAnatomySequence: [
      {
        FrameLaterality: options.laterality ?? 'U',
        AnatomicRegionSequence: [codeItem(options.anatomicRegion)],
      },
    ],
    PixelValueTransformationSequence: [{ RescaleIntercept: 0, RescaleSlope: 1, RescaleType: 'US' }],
    FrameVOILUTSequence: [windowOf(map)],
    ParametricMapFrameTypeSequence: [{ FrameType: imageType }],
    RealWorldValueMappingSequence: [
      {
        LUTLabel: map.label,
        LUTExplanation: map.explanation,
        MeasurementUnitsCodeSequence: [codeItem(map.units)],
        QuantityDefinitionSequence: quantityDefinition(map.quantity, options.methods ?? []),
        DoubleFloatRealWorldValueFirstValueMapped: lowest,
        DoubleFloatRealWorldValueLastValueMapped: highest,
        RealWorldValueIntercept: 0,
        RealWorldValueSlope: 1,
      },
    ],
  };
  return toDicomObject({
    ...derivedObject(source, {
      ...options,
      sopClassUid: PARAMETRIC_MAP_STORAGE,
      modality: source.modality || 'OT',
      seriesDescription: options.seriesDescription ?? map.explanation,
    }),
    ...source.frameOfReference,
    ImageType: imageType,
    ContentQualification: 'RESEARCH',
    ContentLabel: contentLabel(map.label),
    ContentDescription: map.explanation,
    ContentCreatorName: '',
    PixelPresentation: 'MONOCHROME',
    PresentationLUTShape: 'IDENTITY',
    AcquisitionContextSequence: [],
    BurnedInAnnotation: 'NO',
    RecognizableVisualFeatures: options.isRecognizable === false ? 'NO' : 'YES',
    ...source.lossyCompression,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: rows,
    Columns: columns,
    NumberOfFrames: frames,
    BitsAllocated: 32,
    SharedFunctionalGroupsSequence: [shared],
    ...mapFrames(source, {
      derivation: options.derivation ?? UNSPECIFIED_METHOD,
      derivationDescription: options.derivationDescription,
      furtherImages: options.furtherImages ?? [],
      newUid: options.newUid,
    }),
    // Float32Array has the byte order of the machine, and no browser runs on a big-endian one.
    FloatPixelData: new Uint8Array(map.voxels.buffer, map.voxels.byteOffset, map.voxels.byteLength),
  });
}

function checkGeometry(
  { slices }: DerivedSource,
  { dimensions: [columns, rows, frames], voxels }: ParametricMap,
): void {
  if (voxels.length !== columns * rows * frames) {
    throw new DicomResultError(
      `The map has ${voxels.length} values, but ${columns} x ${rows} x ${frames} voxels need ${columns * rows * frames}.`,
    );
  }
  const [first] = slices;
  if (slices.length !== frames || first?.rows !== rows || first.columns !== columns) {
    throw new DicomResultError(
      `The map has ${frames} frames of ${rows} rows x ${columns} columns, but its source has ${slices.length} slices of ${first?.rows} x ${first?.columns}.`,
    );
  }
}

/** Lowest and highest value of a map. */
function rangeOf({ voxels, dimensions: [columns, rows] }: ParametricMap): [number, number] {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < voxels.length; index++) {
    const value = voxels[index]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
    if (Math.abs(value) === Number.POSITIVE_INFINITY) {
      const place = `column ${(index % columns) + 1}, row ${(Math.floor(index / columns) % rows) + 1}, frame ${Math.floor(index / (columns * rows)) + 1}`;
      throw new DicomResultError(
        `The map holds an infinite value (${place}), which is no measurement. Nothing was written.`,
      );
    }
  }
  if (lowest > highest) throw new DicomResultError('The map has no value in any voxel. Nothing was written.');
  return [lowest, highest];
}

/** Window of the values shown at first. LINEAR_EXACT, because LINEAR is half a unit off (PS3.3 C.11.2.1.2 and C.11.2.1.3.2). */
function windowOf({ displayRange: [black, white] }: ParametricMap): DataSet {
  if (!(white > black) || !Number.isFinite(white - black)) {
    throw new DicomResultError(
      `The display range of a map goes from a lower to a higher value, but is ${black} to ${white}.`,
    );
  }
  return { WindowCenter: (black + white) / 2, WindowWidth: white - black, VOILUTFunction: 'LINEAR_EXACT' };
}

/** Quantity and methods as content items (PS3.3 C.7.6.16.2.11, CID 9000). */
function quantityDefinition(quantity: Code, methods: readonly Code[]): Items {
  const item = (name: Code, value: Code): DataSet => ({
    ValueType: 'CODE',
    ConceptNameCodeSequence: [codeItem(name)],
    ConceptCodeSequence: [codeItem(value)],
  });
  return [item(QUANTITY, quantity), ...methods.map(method => item(MEASUREMENT_METHOD, method))];
}

/** ContentLabel takes upper-case letters, digits, spaces and underscores. */
function contentLabel(label: string): string {
  return label.toUpperCase().replace(/[^A-Z0-9 _]/g, '_');
}
