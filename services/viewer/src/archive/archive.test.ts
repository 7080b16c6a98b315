import { mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type DicomObject, dicomObject, newUid } from '../dicom.test-support.ts';
import { cleanUp, temporaryFolder, writeFiles } from '../viewer.test-support.ts';
import { type Archive, openArchive } from './archive.ts';
import { textOf } from './dicom-json.ts';
import { describeImport, importFolder } from './import-folder.ts';

let folder: string;
let messages: string[];
beforeEach(async () => {
  folder = await temporaryFolder();
  messages = [];
});
afterEach(cleanUp);

/** Opens the archive as a start of the viewer does. */
function start(...roots: string[]): Promise<Archive> {
  messages = [];
  return openArchive({
    roots: (roots.length > 0 ? roots : ['archive']).map(root => path.join(folder, root)),
    indexFile: path.join(folder, 'archive-index.json'),
    onProgress: message => messages.push(message),
  });
}

const write = (name: string, { bytes }: DicomObject) => writeFiles(folder, { [name]: bytes });
const patientIdsOf = (archive: Archive) =>
  [...archive.studies.values()].map(study => textOf(study.attributes, '00100020')).sort();

describe('the index between starts', () => {
  const studyUid = newUid();
  const object = (patientId: string, attributes: Record<string, unknown> = {}) =>
    dicomObject({ attributes: { StudyInstanceUID: studyUid, PatientID: patientId, ...attributes } });

  test('an unchanged file is not read again', async () => {
    const first = object('before');
    await write('archive/1.dcm', first);
    await (await start()).close();
    // Same size and time, other content: only who opens the file could tell.
    const file = path.join(folder, 'archive/1.dcm');
    const time = new Date(1_700_000_000_000);
    await utimes(file, time, time);
    await (await start()).close();
    const changed = Buffer.from(first.bytes);
    changed.write('behind', changed.indexOf('before'));
    await writeFile(file, changed);
    await utimes(file, time, time);
    expect(patientIdsOf(await start())).toEqual(['before']);
  });

  test('changed, removed and added files are seen', async () => {
    await write('archive/1.dcm', object('A'));
    await write('archive/2.dcm', object('A'));
    await (await start()).close();
    await write('archive/1.dcm', object('B', { PatientName: 'Somebody^Else' }));
    await rm(path.join(folder, 'archive/2.dcm'));
    await write('archive/3.dcm', dicomObject({ attributes: { PatientID: 'C' } }));
    const archive = await start();
    expect(patientIdsOf(archive)).toEqual(['B', 'C']);
    expect(archive.instanceCount).toBe(2);
    await rm(path.join(folder, 'archive'), { recursive: true });
    expect((await start()).instanceCount).toBe(0);
  });

  test.each([
    '',
    '{',
    'null',
    '[]',
    '{"version":2}',
    '{"version":2,"studies":[{}]}',
    '{"version":2,"studies":[{"uid":"1","attributes":null,"series":[]}]}',
    '{"version":99,"studies":[]}',
    '\u0000\u0001',
  ])('a corrupt cache %j is read as none', async content => {
    await write('archive/1.dcm', object('A'));
    await writeFiles(folder, { 'archive-index.json': content });
    expect(patientIdsOf(await start())).toEqual(['A']);
    expect(JSON.parse(await readFile(path.join(folder, 'archive-index.json'), 'utf8')).version).toBe(2);
  });

  test('an index that cannot be written is reported, and nothing else', async () => {
    await write('archive/1.dcm', object('A'));
    await mkdir(path.join(folder, 'archive-index.json'));
    const archive = await start();
    expect(patientIdsOf(archive)).toEqual(['A']);
    expect(messages).toEqual([expect.stringMatching(/index could not be saved/)]);
    await archive.close();
  });
});

test('what is not a whole DICOM object is skipped; what should be one is named', async () => {
  const whole = dicomObject();
  await write('archive/whole', whole); // DICOM files need no extension
  await writeFiles(path.join(folder, 'archive'), {
    'notes.txt': 'nothing to see',
    'empty.dcm': '',
    'text.dcm': 'not DICOM',
    'cut.dcm': whole.bytes.subarray(0, -10),
    'zeros.dcm': Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), Buffer.alloc(500)]),
    'evil.dcm': dicomObject({ attributes: { StudyInstanceUID: '../../evil' } }).bytes,
    '.hidden.dcm': whole.bytes,
    'incoming.part-99999999-0a1b2c3d': whole.bytes,
  });
  const archive = await start();
  expect(archive.instanceCount).toBe(1);
  const skipped = messages.map(message => /skipped [^:]*?([^/:]*\.\w+):/.exec(message)?.[1]).sort();
  expect(skipped).toEqual(['cut.dcm', 'empty.dcm', 'evil.dcm', 'text.dcm', 'zeros.dcm']);
  expect(await readdir(path.join(folder, 'archive'))).not.toContain('incoming.part-99999999-0a1b2c3d');
});

test('several roots make one archive; an object that is there twice counts once', async () => {
  const shared = dicomObject();
  await write('archive/1.dcm', dicomObject());
  await write('samples/2.dcm', dicomObject());
  await write('samples/deep/er/3.dcm', shared);
  await write('archive/3.dcm', shared);
  const archive = await start('archive', 'samples', 'missing');
  expect(archive.instanceCount).toBe(3);
  expect(messages).toEqual([expect.stringMatching(/SOP Instance UID is there twice/)]);
  expect(archive.locate(shared.uid)?.instance.path).toBe(path.join(folder, 'archive/3.dcm'));
});

describe('import', () => {
  test('nested files are copied, the rest is counted; a second time nothing changes', async () => {
    const objects = [dicomObject(), dicomObject(), dicomObject()] as const;
    await write('source/a/1.dcm', objects[0]);
    await write('source/a/b/c/2', objects[1]);
    await write('elsewhere/3.dcm', objects[2]);
    await symlink(path.join(folder, 'elsewhere/3.dcm'), path.join(folder, 'source/link.dcm'));
    await symlink(path.join(folder, 'nowhere'), path.join(folder, 'source/dangling.dcm'));
    const cut = objects[0].bytes.subarray(0, -5);
    await writeFiles(folder, { 'source/readme.txt': 'x', 'source/empty': '', 'source/cut.dcm': cut });
    const archive = await start();
    const summary = await importFolder(archive, path.join(folder, 'source'));
    expect(summary).toEqual({ imported: 3, alreadyThere: 0, notDicom: 2, refused: 1 });
    expect(describeImport('F', summary)).toBe(
      'F: 3 imported, 0 already there, 2 skipped as not DICOM, 1 refused (named above)',
    );
    expect(messages).toEqual([expect.stringMatching(/not imported: .*cut.dcm: .*cut off/)]);
    expect(await importFolder(archive, path.join(folder, 'source'))).toMatchObject({ imported: 0, alreadyThere: 3 });
    await archive.close();
    expect((await start()).instanceCount).toBe(3);
  });

  test('a folder that is missing, or a file, is a sentence', async () => {
    const archive = await start();
    await writeFiles(folder, { file: '' });
    await expect(importFolder(archive, path.join(folder, 'missing'))).rejects.toThrow(/there is no such folder/);
    await expect(importFolder(archive, path.join(folder, 'file'))).rejects.toThrow(/it is not a folder/);
  });
});
