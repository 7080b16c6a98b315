import type { DicomWebTarget } from '@voxelwise/dicom';
import type { Host } from './host.ts';
import { authorizationHeadersOf } from './signed-in.ts';

/** What a DICOMweb data source of OHIF says of itself. */
interface DicomWebSource {
  getConfig?(): { readonly wadoRoot?: unknown; readonly qidoRoot?: unknown } | undefined;
}

/**
 * The archive that the study on screen came from, with the reader's own authorization, which OHIF renews. OHIF stores where
 * it retrieves, at wadoRoot, and so does this.
 * @throws Error when the study came from elsewhere (local files, a JSON document), with what to do
 */
export function dicomWebOf(host: Host): DicomWebTarget {
  const { wadoRoot, qidoRoot } = (host.dataSource() as DicomWebSource).getConfig?.() ?? {};
  if (typeof wadoRoot !== 'string' || wadoRoot === '') {
    throw new Error(
      'Results cannot be stored: this study was not opened from a DICOMweb archive. Open it from the archive, or save the results as files.',
    );
  }
  return {
    url: withoutSlash(wadoRoot),
    ...(typeof qidoRoot === 'string' && qidoRoot !== '' && { queryUrl: withoutSlash(qidoRoot) }),
    authorizationHeaders: () => authorizationHeadersOf(host),
  };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
