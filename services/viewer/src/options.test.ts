import { readCommandLine } from './options.ts';
import { DEFAULT_OHIF_VERSION } from './stock-ohif.ts';
import { UserError } from './user-error.ts';

test('without arguments: port 8080 of loopback, the sample archive, the samples', () => {
  expect(readCommandLine([], {})).toEqual({
    help: false,
    port: 8080,
    host: '127.0.0.1',
    allowedHosts: [],
    importFolders: [],
    dataFolder: undefined,
    ohifVersion: DEFAULT_OHIF_VERSION,
    samples: true,
    orthancUrl: undefined,
    dataServiceUrl: undefined,
    dataService: true,
  });
});

test('--port goes before PORT, which goes before 8080', () => {
  expect(readCommandLine([], { PORT: '9000' }).port).toBe(9000);
  expect(readCommandLine(['--port', '9001'], { PORT: '9000' }).port).toBe(9001);
  expect(readCommandLine(['--port=0'], {}).port).toBe(0);
  expect(readCommandLine([], { PORT: '' }).port).toBe(8080);
});

test('repeatable options collect their values', () => {
  const args = ['--import', 'a', '--import', 'b', '--allow-host', 'viewer.example', '--no-samples', '--data', 'd'];
  expect(readCommandLine(args, {})).toMatchObject({
    importFolders: ['a', 'b'],
    allowedHosts: ['viewer.example'],
    samples: false,
    dataFolder: 'd',
  });
});

test('an IPv6 address may be written with brackets', () => {
  expect(readCommandLine(['--host', '[::1]'], {}).host).toBe('::1');
});

test.each([
  [['--prot', '9000'], /Unknown option '--prot'/],
  [['folder'], /Unexpected argument 'folder'/],
  [['--port'], /--port/],
  [['--port', 'http'], /port must be a number from 0 to 65535, not "http"/],
  [['--port', '65536'], /port must be a number/],
  [['--port', '-1'], /--port/],
  [['--port', '80.5'], /port must be a number/],
  [['--port='], /port must be a number/],
  [['--host', ''], /--host needs an address/],
  [['--no-port'], /--no-port|--port/],
  [['--ohif', '2.0.0'], /--ohif 2.0.0 is not known. Choose one of 3/],
  [['--ohif', 'constructor'], /is not known/],
])('%j is refused in one sentence', (args, sentence) => {
  expect(() => readCommandLine(args, {})).toThrow(UserError);
  expect(() => readCommandLine(args, {})).toThrow(sentence);
  expect(() => readCommandLine(args, {})).not.toThrow(/\n/);
});

test('an ORTHANC_URL that is no address is refused at once', () => {
  expect(() => readCommandLine([], { ORTHANC_URL: 'localhost:8042' })).toThrow(/^ORTHANC_URL is not an http/);
});

test('--data-service goes before DATA_SERVICE_URL; neither is an address of something else', () => {
  const environment = { DATA_SERVICE_URL: 'http://localhost:8090' };
  expect(readCommandLine([], environment).dataServiceUrl).toBe('http://localhost:8090');
  const args = ['--data-service', 'https://data.example'];
  expect(readCommandLine(args, environment).dataServiceUrl).toBe('https://data.example');
  expect(() => readCommandLine([], { DATA_SERVICE_URL: 'localhost:8090' })).toThrow(/^DATA_SERVICE_URL is not an http/);
  expect(() => readCommandLine(['--data-service', ''], {})).toThrow(/^--data-service is not an http/);
});

test('files are not imported into an archive that Orthanc replaces', () => {
  const environment = { ORTHANC_URL: 'http://localhost:8042' };
  expect(readCommandLine([], environment).orthancUrl).toBe('http://localhost:8042');
  expect(() => readCommandLine(['--import', 'a'], environment)).toThrow(/which ORTHANC_URL replaces/);
});
