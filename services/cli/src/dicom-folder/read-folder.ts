import { open, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parsingProblem } from '@voxelwise/dicom/whole-data-set';
import { type ImageHeader, readImageHeader } from './image-header.ts';
import { type ListedFile, listFiles } from './list-files.ts';
import { beginsLikeDicom, DamagedFileError, FIRST_BYTES, type ParsedFile, parseFile } from './parse-file.ts';

/** A DICOM file that cannot be used. */
export interface UnreadableFile {
  readonly file: string;
  /** The system does not give it (no permission); otherwise it is DICOM, but damaged. */
  readonly isDenied: boolean;
  readonly reason: string;
  /** Its series, where the damage lies behind it. */
  readonly seriesUid: string | null;
}

/** The DICOM objects of a folder. */
export interface FolderContents {
  readonly images: readonly ImageHeader[];
  readonly unreadable: readonly UnreadableFile[];
  /** Files looked at, DICOM or not. */
  readonly files: number;
}

const MEDIA_DIRECTORY_CLASS = '1.2.840.10008.1.3.10';
/** Node reads no file of 2 GiB or more at once, and no single CT slice comes near. */
const MAXIMUM_FILE_BYTES = 2 ** 31 - 1;

/**
 * Reads the headers of every DICOM file below a folder, whatever the files are called.
 * Files that are not DICOM, and DICOMDIR, are passed over; DICOM files that are damaged are listed.
 */
export async function readFolder(
  folder: string,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<FolderContents> {
  const files = await listFiles(folder);
  const images: ImageHeader[] = [];
  const unreadable: UnreadableFile[] = [];
  for (const [index, file] of files.entries()) {
    onProgress(index, files.length);
    if (basename(file.name).toUpperCase() === 'DICOMDIR') continue;
    const { name, path } = file;
    try {
      const parsed = await parseListedFile(file);
      if (!parsed) continue;
      const header = readImageHeader(parsed.dataSet, parsed.transferSyntaxUid, name, path);
      if (header.sopClassUid === MEDIA_DIRECTORY_CLASS) continue;
      if (header.seriesUid) images.push(header);
      else if (header.hasPixelData)
        unreadable.push({ file: name, isDenied: false, reason: 'no SeriesInstanceUID', seriesUid: null });
    } catch (error) {
      unreadable.push({ file: name, ...problemOf(error), seriesUid: seriesOfDamaged(error, file) });
    }
  }
  return { images, unreadable, files: files.length };
}

/** Why a file cannot be used. */
function problemOf(error: unknown): Pick<UnreadableFile, 'isDenied' | 'reason'> {
  const { code, syscall } = (typeof error === 'object' ? error : {}) as NodeJS.ErrnoException;
  if (code && syscall) return { isDenied: true, reason: code };
  return { isDenied: false, reason: error instanceof DamagedFileError ? error.message : parsingProblem(error) };
}

/** The series of a damaged file, where that can be read. */
function seriesOfDamaged(error: unknown, { name, path }: ListedFile): string | null {
  if (!(error instanceof DamagedFileError) || !error.dataSet) return null;
  try {
    return readImageHeader(error.dataSet, '', name, path).seriesUid || null;
  } catch {
    return null;
  }
}

/** Reads and parses one file; null when it is not DICOM. */
async function parseListedFile({ path, bytes }: ListedFile): Promise<ParsedFile | null> {
  const handle = await open(path);
  try {
    const first = Buffer.alloc(Math.min(FIRST_BYTES, bytes));
    await handle.read(first, 0, first.length, 0);
    if (!beginsLikeDicom(first)) return null;
  } finally {
    await handle.close();
  }
  if (bytes > MAXIMUM_FILE_BYTES) throw new DamagedFileError('it is larger than 2 GiB');
  return parseFile(await readFile(path));
}
