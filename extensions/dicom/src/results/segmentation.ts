import type { CieLab, Rgb } from './cielab.ts';
import type { Code } from './codes.ts';

/**
 * Voxels of a segment as runs [start, end) along a row of the source slices, in any order; row r is image row r % Rows of slice
 * floor(r / Rows), slices counted as the source gives them. No two runs share a voxel.
 */
export interface VoxelRuns {
  readonly row: Int32Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
}

/** The program, network or method that found something. */
export interface Algorithm {
  readonly name: string;
  readonly version: string;
  /** CID 7162; DCM 123110 "Artificial Intelligence" for a network. */
  readonly family: Code;
  /** Settings in words, or as JSON. */
  readonly parameters?: string;
}

/** One named set of voxels. Segments may share voxels. */
export interface Segment {
  readonly label: string;
  readonly description?: string;
  /** What kind of thing it is (CID 7150) and what it is (CID 7151 and others). */
  readonly category: Code;
  readonly type: Code;
  readonly typeModifier?: Code;
  readonly anatomicRegion?: Code;
  readonly algorithmType: 'AUTOMATIC' | 'SEMIAUTOMATIC' | 'MANUAL';
  /** Required unless the segment is MANUAL. */
  readonly algorithm?: Algorithm;
  readonly color: Rgb;
  readonly tracking?: { readonly id: string; readonly uid: string };
  readonly voxels: VoxelRuns;
}

/** A segment as it is read back; what a file leaves out is null. */
export interface StoredSegment {
  readonly number: number;
  readonly label: string;
  readonly description: string;
  readonly category: Code | null;
  readonly type: Code | null;
  readonly typeModifier: Code | null;
  readonly anatomicRegion: Code | null;
  readonly algorithmType: string;
  readonly algorithm: (Omit<Algorithm, 'family'> & { readonly family: Code | null }) | null;
  readonly color: CieLab | null;
  readonly tracking: { readonly id: string; readonly uid: string } | null;
  readonly voxels: VoxelRuns;
}

/** A segmentation as it is read back. */
export interface StoredSegmentation {
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly seriesDescription: string;
  /** The images that it says it was made from; empty where it names none. */
  readonly sourceSopInstanceUids: readonly string[];
  readonly segments: readonly StoredSegment[];
}

export const SEGMENTATION_STORAGE = '1.2.840.10008.5.1.4.1.1.66.4';
