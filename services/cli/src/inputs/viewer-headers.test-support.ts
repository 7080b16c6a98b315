import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CALCIUM } from '@voxelwise/calcium/core';
import { ctImageOf, parseDecimal, stackCtImages } from '@voxelwise/dicom';
import dcmjs from 'dcmjs';

type Natural = Record<string, unknown>;
type Element = { vr: string; Value: unknown; _rawValue?: unknown };

const { DicomMessage, DicomMetaDictionary } = dcmjs.data as unknown as {
  DicomMessage: {
    readFile(bytes: ArrayBuffer, options: object): { meta: Record<string, Element>; dict: Record<string, Element> };
  };
  DicomMetaDictionary: { naturalizeDataset(dict: object): Natural };
};

/** The sentence with which the viewer refuses the files of a folder as one series; null where their headers are fine. */
export function refusalInViewer(folder: string): string | null {
  try {
    stackCtImages(headersInViewer(folder).map(ctImageOf), CALCIUM);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The headers of the files below a folder, by their names. */
export function headersInViewer(folder: string): Natural[] {
  const names = (readdirSync(folder, { recursive: true }) as string[]).sort();
  const files = names.map(name => join(folder, name)).filter(path => statSync(path).isFile());
  return files.map(headerInViewer);
}

/** The header of a file as OHIF holds it: metadata of an archive, naturalized by dcmjs. */
function headerInViewer(path: string): Natural {
  const bytes = new Uint8Array(readFileSync(path)).buffer;
  const { meta, dict } = DicomMessage.readFile(bytes, { ignoreErrors: true, untilTag: '7FE00010' });
  const asArchiveGives = Object.entries(dict).map(([tag, element]) => [tag, { ...element, Value: valuesOf(element) }]);
  const AvailableTransferSyntaxUID = (meta['00020010']!.Value as string[])[0];
  return { ...DicomMetaDictionary.naturalizeDataset(Object.fromEntries(asArchiveGives)), AvailableTransferSyntaxUID };
}

/** Archives give decimal strings as numbers, and as text where they are none. dcmjs makes numbers of anything. */
function valuesOf({ vr, Value, _rawValue }: Element): unknown {
  if ((vr !== 'DS' && vr !== 'IS') || !Array.isArray(_rawValue)) return Value;
  return (_rawValue as string[]).map(text => parseDecimal(text) ?? text);
}
