import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Holds biome.json to the arrows of docs/architecture.md. Every case becomes a file in an empty copy of the house, which
 * the real Biome lints with the real configuration. (Its --stdin-file-path does not report what it finds.)
 */

const root = path.join(__dirname, '..');
const RULE = 'lint/style/noRestrictedImports';

/** What biome.json says about forbidden imports. */
const MESSAGES = [...readFileSync(path.join(root, 'biome.json'), 'utf8').matchAll(/"message": "(.*)"/g)].map(
  ([, message]) => message,
);

interface Arrow {
  /** Folder or file that imports. */
  readonly from: string;
  readonly imports: string;
}

const arrow = (from: string, imports: string): Arrow => ({
  from: from.endsWith('.ts') ? from : `${from}/x.ts`,
  imports,
});
const arrows = (from: string, imports: readonly string[]): Arrow[] => imports.map(name => arrow(from, name));

const CORE = 'extensions/calcium/src/core';
const CLINICAL = ['calcium', 'perfusion', 'mammography', 'segmentation'];
const SERVICES = ['contract', 'data', 'viewer', 'cli'];
const FOUNDATIONS = ['@voxelwise/compute', '@voxelwise/compute/twins', '@voxelwise/dicom', '@voxelwise/host'];

const allowed: Arrow[] = [
  ...arrows('modes/calcium/src', ['@voxelwise/calcium', '@voxelwise/host', '@voxelwise/records', './mode.ts']),
  ...CLINICAL.flatMap(name => arrows(`extensions/${name}/src`, [...FOUNDATIONS, '@voxelwise/records'])),
  ...arrows('extensions/calcium/src/session', ['@voxelwise/compute/worker', '../core/index.ts', 'react', 'jspdf']),
  ...arrows('extensions/calcium/src/kernels/lesions', ['@voxelwise/compute/webgl2', '../../core/index.ts']),
  ...arrows('extensions/calcium/src/kernels/lesions/equality.test-support.ts', ['@voxelwise/compute/testing']),
  ...arrows('extensions/calcium/src/panel/parts', ['../../core/index.ts', '../../session/state.ts']),
  ...arrows(CORE, ['./score.ts', './parts/score.ts', '@voxelwise/compute/twins']),
  ...arrows(`${CORE}/parts`, ['./score.ts', '../score.ts', '@voxelwise/compute/twins']),
  ...arrows('extensions/records/src', [...FOUNDATIONS, '@voxelwise/contract']),
  ...arrows('extensions/dicom/src', ['@voxelwise/compute', 'dcmjs']),
  ...arrows('extensions/host/src', ['@cornerstonejs/core', '@cornerstonejs/tools', '@ohif/core', './island.ts']),
  ...arrows('extensions/compute/src/kernels/threshold-mask', ['../../twins/index.ts', '../../volume.ts']),
  ...arrows('extensions/compute/examples', ['@voxelwise/compute', '@voxelwise/compute/worker', './phantom.ts']),
  ...arrows(
    'services/cli/src',
    ['core', 'kernels', 'results'].map(part => `@voxelwise/calcium/${part}`),
  ),
  ...arrows('services/cli/src', ['@voxelwise/dicom', '@voxelwise/dicom/whole-data-set']),
  ...arrows('services/cli/src/dicom-folder', ['@voxelwise/compute', '@cornerstonejs/dicom-codec', '../refusal.ts']),
  ...arrows('services/data/src', ['@voxelwise/contract', '@prisma/client', '@prisma/adapter-pg']),
  ...arrows('services/viewer/src/archive', ['express', '../port.ts', './prisma', '@voxelwise/dicom/whole-data-set']),
  ...arrows('services/viewer/src/samples', ['@voxelwise/perfusion/phantoms']),
];

const forbidden: Arrow[] = [
  // Against the direction.
  ...['compute', 'dicom', 'host'].flatMap(name =>
    arrows(`extensions/${name}/src`, [
      ...CLINICAL.map(clinical => `@voxelwise/${clinical}`),
      '@voxelwise/records',
      '@voxelwise/mode-calcium',
      ...SERVICES.map(service => `@voxelwise/${service}`),
    ]),
  ),
  ...arrows('extensions/compute/src', ['@voxelwise/dicom', '@voxelwise/host']),
  ...arrows('extensions/compute/examples', ['@voxelwise/calcium', '../src/index.ts', '../src/twins/runs.ts']),
  ...arrows('extensions/dicom/src', ['@voxelwise/host']),
  ...arrows('extensions/calcium/src', [
    '@voxelwise/mode-calcium',
    '@voxelwise/viewer',
    '@voxelwise/data',
    '@voxelwise/contract',
  ]),
  ...arrows('extensions/records/src', ['@voxelwise/calcium', '@voxelwise/data', '@voxelwise/mode-calcium']),
  ...arrows('services/contract/src', [...FOUNDATIONS, '@voxelwise/calcium/core']),
  // Sideways.
  ...CLINICAL.flatMap(from =>
    CLINICAL.filter(to => to !== from).flatMap(to =>
      arrows(`extensions/${from}/src`, [`@voxelwise/${to}`, `@voxelwise/${to}/core`]),
    ),
  ),
  ...arrows('modes/calcium/src', ['@voxelwise/mode-perfusion', '@voxelwise/viewer', '@voxelwise/compute']),
  // What is for tests, into a product.
  ...arrows('extensions/calcium/src/kernels/lesions', ['@voxelwise/compute/testing']),
  // Into a core, from outside it.
  ...arrows(CORE, [
    '@voxelwise/compute',
    '@voxelwise/compute/webgl2',
    '@voxelwise/host',
    '@voxelwise/dicom',
    'react',
    'jspdf',
    'node:fs',
  ]),
  ...arrows(CORE, ['../panel/css.ts', '../session/state.ts', '../index.ts', '@cornerstonejs/core']),
  ...arrows(`${CORE}/parts`, ['../../panel/css.ts', '../../index.ts', 'react']),
  ...arrows('extensions/perfusion/src/core', ['@voxelwise/compute', '../results/index.ts', 'react']),
  // The viewer's own libraries, outside host.
  ...['compute', 'dicom', 'calcium', 'records'].flatMap(name =>
    arrows(`extensions/${name}/src`, ['@cornerstonejs/core', '@cornerstonejs/tools', '@ohif/core']),
  ),
  ...['modes/calcium/src', 'services/viewer/src', 'services/cli/src'].map(from => arrow(from, '@cornerstonejs/core')),
  // Past a package's exports.
  ...arrows('extensions/calcium/src', [
    '../../host/src/index.ts',
    '../../host/dist/index.js',
    '@voxelwise/host/src/x.ts',
  ]),
  ...arrows('extensions/calcium/src/panel', ['../../../host/src/island.ts', '@voxelwise/host/dist/island.js']),
  ...arrows('modes/calcium/src', ['../../../extensions/calcium/src/index.ts', '@voxelwise/calcium/core']),
  ...arrows('services/cli/src', ['../../../extensions/calcium/src/core/index.ts', '../../viewer/src/port.ts']),
  ...arrows('e2e/tests', ['../../services/viewer/src/port.ts', '../../extensions/host/src/index.ts']),
  // Services.
  ...arrows('services/cli/src', ['@voxelwise/calcium', '@voxelwise/host', '@voxelwise/records', '@voxelwise/viewer']),
  ...arrows('services/viewer/src', ['@voxelwise/perfusion', '@voxelwise/perfusion/core']),
  ...arrows('services/viewer/src', [...FOUNDATIONS, '@voxelwise/calcium', '@voxelwise/calcium/core']),
  ...arrows('services/data/src', [...FOUNDATIONS, '@voxelwise/calcium', '@voxelwise/viewer']),
  ...['services/viewer/src', 'services/contract/src', 'extensions/records/src', 'e2e', 'scripts'].map(from =>
    arrow(from, '@prisma/client'),
  ),
];

/** Every way to write an import: none may be a way around the rule. */
const FORMS: Readonly<Record<string, (name: string) => string>> = {
  value: name => `import { value } from '${name}';\nvalue();\n`,
  type: name => `import type { Value } from '${name}';\nexport type Mine = Value;\n`,
  reexport: name => `export { value } from '${name}';\n`,
  dynamic: name => `export const later = () => import('${name}');\n`,
};

let house = '';
/** Files of the temporary house, relative to it, in which the rule fired; to the messages it gave. */
let findings = new Map<string, string>();

/** The file of one case: a numbered name beside the one that the arrow starts from. */
function fileOf(cases: readonly Arrow[], index: number, form: string): string {
  const kind = cases === allowed ? 'allowed' : 'forbidden';
  const { from } = cases[index]!;
  const ending = from.endsWith('.test-support.ts') ? '.test-support.ts' : '.ts';
  return path.posix.join(path.posix.dirname(from), `${kind}-${index}-${form}${ending}`);
}

beforeAll(() => {
  house = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'voxelwise-arrows-')));
  copyFileSync(path.join(root, 'biome.json'), path.join(house, 'biome.json'));
  for (const cases of [allowed, forbidden]) {
    cases.forEach(({ imports }, index) => {
      for (const [form, write] of Object.entries(FORMS)) {
        const file = path.join(house, fileOf(cases, index, form));
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, write(imports));
      }
    });
  }
  findings = lint(house);
});

afterAll(() => rmSync(house, { recursive: true, force: true }));

/** Runs Biome over a folder that has its own biome.json. */
function lint(folder: string): Map<string, string> {
  const biome = path.join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const { stdout, error } = spawnSync(
    process.execPath,
    [
      biome,
      'lint',
      '--only=style/noRestrictedImports',
      '--vcs-enabled=false',
      '--reporter=github',
      '--max-diagnostics=none',
      '.',
    ],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (error) throw error;
  const lines = stdout.split('\n').filter(line => line.startsWith(`::error title=${RULE},`));
  return new Map(
    lines.map(line => [path.relative(folder, line.match(/file=([^,]+),/)![1]!), line.replace(/^::.*?::/, '')]),
  );
}

const inWords = ({ from, imports }: Arrow) => [`${path.posix.dirname(from)} -> ${imports}`] as const;

test.each(forbidden.map((it, index) => [...inWords(it), index] as const))('forbids %s', (_name, index) => {
  const silent = Object.keys(FORMS).filter(form => !findings.has(fileOf(forbidden, index, form)));
  expect(silent).toEqual([]);
  // Its own words, which say where to go instead, not Biome's default text.
  expect(MESSAGES).toContain(findings.get(fileOf(forbidden, index, 'value')));
});

test.each(allowed.map((it, index) => [...inWords(it), index] as const))('allows %s', (_name, index) => {
  const found = Object.keys(FORMS).flatMap(form => findings.get(fileOf(allowed, index, form)) ?? []);
  expect(found).toEqual([]);
});
