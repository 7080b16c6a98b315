import { type Host, viewerVersionOf } from '@voxelwise/host';
import type { Provenance } from './contract.ts';
import { labelOf } from './label-text.ts';

/** What a record says of the run of a kernel: compute's RunReport. */
export interface RecordedRun {
  readonly producer: string;
  readonly deviceName?: string;
}

/**
 * What made a prediction: viewer, extension, producer, device and times.
 * @param run null where nothing was computed here
 */
export function recordedProvenance(
  host: Host,
  extension: { readonly name: string; readonly version: string },
  run: RecordedRun | null,
  timingsMs: Readonly<Record<string, number>>,
): Provenance {
  const version = labelOf(viewerVersionOf(host));
  const userAgent = labelOf(navigator.userAgent);
  const gpu = run?.deviceName === 'CPU' ? undefined : labelOf(run?.deviceName);
  return {
    ...(version && { viewer: { name: 'OHIF', version } }),
    extension: { ...extension },
    ...(run && {
      producer: run.producer === 'ts' ? 'typescript' : run.producer,
      timingsMs: { ...timingsMs },
    }),
    device: {
      ...(userAgent && { userAgent }),
      ...(gpu && { gpu }),
      ...(navigator.hardwareConcurrency > 0 && { logicalProcessors: navigator.hardwareConcurrency }),
    },
  };
}
