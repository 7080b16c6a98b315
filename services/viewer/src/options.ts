import { parseArgs } from 'node:util';
import { parseDataServiceUrl } from './data-service-proxy.ts';
import { parseOrthancUrl } from './orthanc-proxy.ts';
import { DEFAULT_OHIF_VERSION, OHIF_RELEASES } from './stock-ohif.ts';
import { UserError } from './user-error.ts';

export interface CommandLine {
  help: boolean;
  port: number;
  host: string;
  allowedHosts: string[];
  importFolders: string[];
  dataFolder: string | undefined;
  ohifVersion: string;
  samples: boolean;
  orthancUrl: string | undefined;
  dataServiceUrl: string | undefined;
  /** Whether a data service is started beside the viewer. */
  dataService: boolean;
}

export const HELP = `Usage: npm start -- [options]

Serves the stock OHIF viewer with the Voxelwise modes, and DICOMweb for it.

  --port <number>         port to listen on (default 8080, or PORT)
  --host <address>        address to listen on (default 127.0.0.1). On any other address, whoever can reach
                          this machine can read and add images: nothing is authenticated.
  --allow-host <name>     accept requests for this host name too (repeatable)
  --import <folder>       copy the DICOM files below this folder into the archive (repeatable)
  --data <folder>         where the viewer, the archive and the samples are kept (default .voxelwise)
  --ohif <version>        ${Object.keys(OHIF_RELEASES).join(', ')} (default ${DEFAULT_OHIF_VERSION})
  --data-service <url>    pass /api on to this data service, such as http://127.0.0.1:8090 (or DATA_SERVICE_URL)
  --without-data-service  start no data service
  --no-samples            do not offer the generated sample studies
  --help                  show this text

ORTHANC_URL=http://user:password@host:8042 npm start   uses that Orthanc instead of the sample archive.
Ctrl-C stops everything; the exit code is 0.`;

/** Reads the command line and the environment. Throws UserError with one sentence. */
export function readCommandLine(args: string[], environment: Record<string, string | undefined>): CommandLine {
  const values = parse(args);
  const ohifVersion = values.ohif ?? DEFAULT_OHIF_VERSION;
  if (!Object.hasOwn(OHIF_RELEASES, ohifVersion)) {
    throw new UserError(`--ohif ${ohifVersion} is not known. Choose one of ${Object.keys(OHIF_RELEASES).join(', ')}.`);
  }
  const orthancUrl = environment.ORTHANC_URL || undefined;
  if (orthancUrl) parseOrthancUrl(orthancUrl); // a mistake in it is said now, not after the build
  const dataServiceUrl = values['data-service'] ?? (environment.DATA_SERVICE_URL || undefined);
  if (dataServiceUrl !== undefined) {
    parseDataServiceUrl(dataServiceUrl, values['data-service'] === undefined ? 'DATA_SERVICE_URL' : '--data-service');
  }
  const importFolders = values.import ?? [];
  if (orthancUrl && importFolders.length > 0) {
    throw new UserError(
      '--import fills the sample archive, which ORTHANC_URL replaces. Send the files to Orthanc instead.',
    );
  }
  return {
    help: values.help ?? false,
    port: readPort(values.port ?? (environment.PORT || '8080')),
    host: readHost(values.host ?? '127.0.0.1'),
    allowedHosts: values['allow-host'] ?? [],
    importFolders,
    dataFolder: values.data,
    ohifVersion,
    samples: values.samples ?? true,
    orthancUrl,
    dataServiceUrl,
    dataService: !values['without-data-service'],
  };
}

function parse(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      allowNegative: true,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        'allow-host': { type: 'string', multiple: true },
        import: { type: 'string', multiple: true },
        data: { type: 'string' },
        ohif: { type: 'string' },
        'data-service': { type: 'string' },
        'without-data-service': { type: 'boolean' },
        samples: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return values;
  } catch (error) {
    const [sentence] = String((error as Error).message).split(/\. |\n/);
    throw new UserError(`${sentence}. See npm start -- --help`);
  }
}

/** Node takes an empty address for "every network". Nobody gets there by an unset variable in a script. */
function readHost(text: string): string {
  const host = text.trim().replace(/^\[(.*)\]$/, '$1');
  if (host === '') throw new UserError('--host needs an address, for example --host 0.0.0.0 for every network.');
  return host;
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535)
    throw new UserError(`The port must be a number from 0 to 65535, not "${text}".`);
  return port;
}
