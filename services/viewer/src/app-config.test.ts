import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';
import { type AppConfigOptions, renderAppConfig } from './app-config.ts';
import { OHIF_RELEASES } from './stock-ohif.ts';

interface Mode {
  id: string;
  modeFactory?: (host: unknown) => Promise<unknown>;
}
interface Configuration {
  modes: Mode[];
  dataSources: { configuration: Record<string, unknown> }[];
  [key: string]: unknown;
}

/** Runs the script as a page would. Its import() is replaced: what a browser loads from a URL comes from a table. */
async function evaluate(options: AppConfigOptions, modules: Record<string, () => unknown>) {
  const errors: string[] = [];
  const window: { config?: () => Promise<Configuration> } = {};
  const script = renderAppConfig(options).replaceAll('import(url)', 'load(url)');
  vm.runInNewContext(script, {
    window,
    console: { error: (message: string) => errors.push(message) },
    load: async (url: string) => {
      const module = modules[url];
      if (!module) throw new TypeError(`Failed to fetch dynamically imported module: ${url}`);
      return module();
    },
  });
  if (!window.config) throw new Error('the script sets no window.config');
  return { configuration: await window.config(), errors };
}

const mode = (id: string, modeFactory: Mode['modeFactory'] = async () => ({ id })) => ({
  default: { id, modeFactory },
});

test('the modes are loaded from /plugins/, and their factories still work', async () => {
  const modules = { '/plugins/calcium.js': () => mode('calcium'), '/plugins/perfusion.js': () => mode('perfusion') };
  const { configuration, errors } = await evaluate({}, modules);
  expect(configuration.modes.map(one => one.id)).toEqual(['calcium', 'perfusion']);
  expect(await configuration.modes[0]?.modeFactory?.({})).toEqual({ id: 'calcium' });
  expect(errors).toEqual([]);
});

test('missing and broken modes are left out and named, the others stay', async () => {
  const modules = {
    '/good.js': () => mode('good'),
    '/throws.js': () => {
      throw new SyntaxError('Unexpected token');
    },
    '/empty.js': () => ({}),
    '/no-id.js': () => ({ default: { modeFactory: () => ({}) } }),
    '/also-good.js': () => mode('also-good'),
  };
  const modes = ['/good.js', '/missing.js', '/throws.js', '/empty.js', '/no-id.js', '/also-good.js'];
  const { configuration, errors } = await evaluate({ modes }, modules);
  expect(configuration.modes.map(one => one.id)).toEqual(['good', 'also-good']);
  expect(errors).toHaveLength(4);
  for (const url of ['/missing.js', '/throws.js', '/empty.js', '/no-id.js']) {
    expect(errors.some(message => message.includes(`${url} was not loaded`))).toBe(true);
  }
});

test('a mode whose factory fails gives null, which OHIF skips, instead of an error', async () => {
  const failing = mode('failing', async () => {
    throw new Error('no extension');
  });
  const { configuration, errors } = await evaluate({ modes: ['/failing.js'] }, { '/failing.js': () => failing });
  expect(await configuration.modes[0]?.modeFactory?.({})).toBeNull();
  expect(errors).toHaveLength(1);
});

test('no server but the own one is named', async () => {
  const text = renderAppConfig();
  expect(text).not.toMatch(/https?:\/\//);
  const { configuration } = await evaluate({ modes: [] }, {});
  expect(configuration.dataSources[0]?.configuration).toMatchObject({
    qidoRoot: '/dicom-web',
    wadoRoot: '/dicom-web',
    wadoUriRoot: '/wado',
    friendlyName: 'Sample archive',
  });
});

test('roots and names can be set', async () => {
  const options = { modes: [], dicomWebRoot: '/pacs', wadoUriRoot: '/pacs/wado', archiveName: 'Orthanc "A"' };
  const { configuration } = await evaluate(options, {});
  expect(configuration.dataSources[0]?.configuration).toMatchObject({
    qidoRoot: '/pacs',
    wadoRoot: '/pacs',
    wadoUriRoot: '/pacs/wado',
    friendlyName: 'Orthanc "A"',
  });
});

test('the guide for hospitals shows the loader that is served', () => {
  const loaderIn = (script: string) => {
    const code = script.split('\n').filter(line => line !== '' && !line.startsWith('//'));
    return code.slice(code.findIndex(line => line.startsWith('const leaveOut')));
  };
  const guide = readFileSync(join(__dirname, '../../../docs/hospitals.md'), 'utf8');
  const [, script = ''] = /```js\n([\s\S]*?)\n```/.exec(guide) ?? [];
  expect(loaderIn(script)).toEqual(loaderIn(renderAppConfig()));
});

test('the releases that it names are those that are tested', () => {
  const tested = Object.keys(OHIF_RELEASES).map(version => version.split('.').slice(0, 2).join('.'));
  expect(renderAppConfig()).toContain(`(OHIF ${tested[0]} to ${tested.at(-1)})`);
});
