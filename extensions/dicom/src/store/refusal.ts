import { type ArchiveAnswer, ArchiveError, type DicomWebTarget, times } from './dicom-web.ts';

// What an archive's refusal means, for the reader.

/** Failure Reason (0008,1197) of STOW-RS, PS3.18 table I.2-2, and of PS3.4 and PS3.7 that archives pass on. */
const FAILURE_REASONS: readonly [from: number, to: number, meaning: string, advice: string][] = [
  [0xc122, 0xc122, 'it does not take the transfer syntax', 'Ask its administrator to allow Explicit VR Little Endian.'],
  [0x0110, 0x0110, 'it failed while processing the object', "Try again; if it stays so, the archive's log says why."],
  [
    0x0111,
    0x0111,
    'it holds another object with the same SOP Instance UID',
    'Store the result again: it is made anew, with a new UID.',
  ],
  [0x0112, 0x0112, 'it does not know an object that this one needs', 'Check that the study is in this archive.'],
  [
    0x0119,
    0x0119,
    'the SOP Instance UID is in use for an object of another kind',
    'Store the result again: it is made anew, with a new UID.',
  ],
  [
    0x0122,
    0x0122,
    'it does not take this kind of object (SOP class)',
    'Ask its administrator to allow this SOP class.',
  ],
  [0x0124, 0x0124, 'you are not allowed to store this object', 'Ask its administrator for the permission to store.'],
  [0x0213, 0x0213, 'it is out of resources', 'Ask its administrator to make room, then store again.'],
  [0xa700, 0xa7ff, 'it is out of resources', 'Ask its administrator to make room, then store again.'],
  [
    0xa900,
    0xa9ff,
    'the object does not match its kind (SOP class), or the study that it is stored to',
    "The archive's log says what it misses.",
  ],
  [0xc000, 0xcfff, 'it cannot understand the object', "The archive's log says what it stumbled over."],
];

/** A failure reason in words, with its number and what to do. */
export function describeFailureReason(reason: number): { meaning: string; advice: string } {
  const [, , meaning, advice] = FAILURE_REASONS.find(([from, to]) => reason >= from && reason <= to) ?? [
    0,
    0,
    'it gave a reason that DICOM does not define',
    "The archive's log or its manual says more.",
  ];
  return { meaning: `${meaning} (${hexadecimal(reason)})`, advice };
}

/** Warning Reason (0008,1196): the object was stored, but not as it was. */
export function describeWarningReason(reason: number): string {
  const meanings: Record<number, string> = {
    45056: 'it changed some attributes',
    45062: 'it left out some attributes',
    45063: 'it finds that the object does not match its SOP class',
  };
  return `${meanings[reason] ?? 'it gave a warning'} (${hexadecimal(reason)})`;
}

function hexadecimal(reason: number): string {
  return `${reason.toString(16).toUpperCase().padStart(4, '0')}H`;
}

const STATUS_MEANINGS: Record<number, [meaning: string, advice: string]> = {
  400: ['could not understand the request', 'Its address in the configuration may not be that of a DICOMweb service.'],
  401: ['wants a login', 'Your session may have ended: sign in to the viewer again, then try once more.'],
  403: ['does not allow you this', 'Ask its administrator for the permission.'],
  404: ['has nothing at this address', "Check the data source's wadoRoot in the viewer's configuration."],
  405: ['does not offer this service', 'Ask its administrator to enable DICOMweb with storing (STOW-RS).'],
  406: ['cannot answer in DICOM JSON or DICOM files', 'Ask its administrator for a DICOMweb service.'],
  408: ['took too long', 'Try again later.'],
  413: [
    'finds the request too large',
    'Ask its administrator to raise the limit of the archive, or of a proxy in front of it.',
  ],
  415: ['does not take DICOM files by STOW-RS', 'Ask its administrator to enable storing (STOW-RS).'],
  429: ['is too busy', 'Try again later.'],
  501: ['does not offer this service', 'Ask its administrator to enable DICOMweb with storing (STOW-RS).'],
  507: ['is out of space', 'Ask its administrator to make room, then try again.'],
};

/** A refusal by HTTP status as an error: what the archive said, in its own words too, and what to do. */
export function refusalOf(target: DicomWebTarget, answer: ArchiveAnswer): ArchiveError {
  const { status, attempts } = answer;
  const [meaning, advice] =
    STATUS_MEANINGS[status] ??
    (status >= 500 ? ['failed', 'Try again later; its log says why.'] : ['refused the request', 'Its log says why.']);
  const often = attempts > 1 ? `, ${times(attempts)}` : '';
  const words = archiveWords(answer);
  return new ArchiveError(
    `The archive at ${target.url} ${meaning} (HTTP ${status}${often})${words && `: "${words}"`}. ${advice}`,
    status,
  );
}

const LONGEST_WORDS = 200;

/** What the archive says in its own words: a problem document, Orthanc's error, the Warning header, or plain text. */
export function archiveWords({ headers, bytes }: ArchiveAnswer): string {
  const type = headers.get('content-type') ?? '';
  const text = new TextDecoder().decode(bytes.subarray(0, 10_000));
  const words = /text\/plain/.test(type) ? text : sentenceOfJson(text);
  const warning = /"(.*)"/.exec(headers.get('warning') ?? '')?.[1];
  const readable = (words || warning || '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replace(/\.$/, '');
  return readable.length > LONGEST_WORDS ? `${readable.slice(0, LONGEST_WORDS)}…` : readable;
}

function sentenceOfJson(text: string): string {
  try {
    const { detail, Details, errorMessage, message, Message } = JSON.parse(text) as Record<string, unknown>;
    const found = [detail, Details, errorMessage, message, Message].find(one => typeof one === 'string' && one !== '');
    return typeof found === 'string' ? found : '';
  } catch {
    return '';
  }
}
