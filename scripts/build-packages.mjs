// Compiles the npm packages, for hospitals that build OHIF from source: each package's src becomes ES modules and type
// declarations in its dist, with bare imports, so that the host's bundler finds one copy of everything they share.
// How they are packed and released: docs/releasing.md.
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';
import './generate.mjs';

const root = path.join(import.meta.dirname, '..');

/** In the order of their imports: a package is compiled against the declarations of those before it. */
const PACKAGES = [
  'services/contract',
  'extensions/compute',
  'extensions/dicom',
  'extensions/host',
  'extensions/records',
  'extensions/calcium',
  'extensions/perfusion',
  'modes/calcium',
  'modes/perfusion',
];

/** Sources that are not part of a package: tests, and entries of plug-ins for a prebuilt OHIF. */
const EXCLUDED = ['**/*.test.ts', '**/*.test.tsx', '**/*.test-support.ts', 'src/plugin.ts'];

/** The condition that leads to the TypeScript sources inside the repository; they are not in the package. */
const SOURCE_CONDITION = 'voxelwise-source';

const { config } = ts.readConfigFile(path.join(root, 'tsconfig.base.json'), ts.sys.readFile);
/** Parsed library declarations, which are the same for every package. */
const parsed = new Map();

for (const name of PACKAGES) {
  const folder = path.join(root, name);
  await rm(path.join(folder, 'dist'), { recursive: true, force: true });
  compile(folder);
  await checkExports(folder);
  console.log(`${name}/dist is built.`);
}

/** Compiles one package; prints what is wrong and ends the program if anything is. */
function compile(folder) {
  const { options, fileNames, errors } = ts.parseJsonConfigFileContent(
    {
      ...config,
      compilerOptions: { ...config.compilerOptions, rootDir: 'src', outDir: 'dist', declaration: true },
      include: ['src'],
      exclude: EXCLUDED,
    },
    ts.sys,
    folder,
  );
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (file, ...rest) => {
    if (!file.includes('/node_modules/')) return read.call(host, file, ...rest);
    if (!parsed.has(file)) parsed.set(file, read.call(host, file, ...rest));
    return parsed.get(file);
  };
  const program = ts.createProgram(fileNames, options, host);
  const before = [...errors, ...ts.getPreEmitDiagnostics(program)];
  const problems = before.length > 0 ? before : program.emit().diagnostics;
  if (problems.length > 0) {
    console.error(ts.formatDiagnosticsWithColorAndContext(problems, host));
    process.exit(1);
  }
}

/** Every compiled file that package.json promises exists. */
async function checkExports(folder) {
  const { exports } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const targetsOf = entry =>
    typeof entry === 'string'
      ? [entry]
      : Object.entries(entry).flatMap(([condition, target]) => (condition === SOURCE_CONDITION ? [] : [target]));
  for (const target of Object.values(exports).flatMap(targetsOf)) {
    if (!ts.sys.fileExists(path.join(folder, target))) {
      console.error(`${path.relative(root, folder)}/package.json exports ${target}, which does not exist.`);
      process.exit(1);
    }
  }
}
