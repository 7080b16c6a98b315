import path from 'node:path';
import { type RspackOptions, rspack, type StatsCompilation, type StatsModule } from '@rspack/core';
import { REPOSITORY } from '../support/paths.ts';

export interface HostBundle {
  /** Files of every module that went into the bundle, those of the worker included. */
  readonly modules: readonly string[];
  /** For every chunk: its emitted scripts, and the files of its modules. */
  readonly chunks: readonly { readonly scripts: readonly string[]; readonly modules: readonly string[] }[];
}

/**
 * Bundles the host application as OHIF's build does: Rspack, packages taken as they are, and the settings that
 * Cornerstone asks of every bundler.
 * @throws Error with what the bundler reports; a warning of ours counts as an error
 */
export async function bundleHost(application: string, output: string): Promise<HostBundle> {
  const stats = await run({
    context: application,
    mode: 'production',
    target: 'web',
    entry: './main.ts',
    output: { path: output, filename: 'host.js', chunkFilename: '[id].[contenthash].js' },
    // Modules stay apart, so that the statistics name each one.
    optimization: { minimize: false, concatenateModules: false },
    performance: { hints: false },
    resolve: {
      // The unpacked packages come first: in the repository's own folder the same names link to sources.
      modules: [path.join(application, 'node_modules'), 'node_modules', path.join(REPOSITORY, 'node_modules')],
      extensions: ['.ts', '.js'],
      fallback: { fs: false, path: false, zlib: false },
    },
    module: {
      rules: [
        { test: /\.m?js$/, resolve: { fullySpecified: false } },
        {
          test: /\.ts$/,
          exclude: /node_modules/,
          loader: 'builtin:swc-loader',
          options: { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } },
        },
      ],
    },
    plugins: [new rspack.ProvidePlugin({ Buffer: ['buffer', 'Buffer'] })],
  });
  const problems = [...(stats.errors ?? []), ...(stats.warnings ?? []).filter(isOurs)];
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n\n'));
  return {
    modules: (stats.modules ?? []).flatMap(fileOf),
    chunks: (stats.chunks ?? []).map(({ files = [], modules = [] }) => ({
      scripts: files,
      modules: modules.flatMap(fileOf),
    })),
  };
}

function run(options: RspackOptions): Promise<StatsCompilation> {
  return new Promise((resolve, reject) => {
    const compiler = rspack(options);
    compiler.run((error, stats) => {
      const statistics = stats?.toJson({
        all: false,
        modules: true,
        modulesSpace: Number.POSITIVE_INFINITY,
        chunks: true,
        chunkModules: true,
        chunkModulesSpace: Number.POSITIVE_INFINITY,
        errors: true,
        warnings: true,
      });
      compiler.close(closingError => {
        if (statistics && !error && !closingError) resolve(statistics);
        else reject(error ?? closingError ?? new Error('The bundler gave no statistics.'));
      });
    });
  });
}

const isOurs = ({ message, moduleName = '' }: { message: string; moduleName?: string }) =>
  `${moduleName} ${message}`.includes('@voxelwise');

const fileOf = ({ nameForCondition }: StatsModule) => (nameForCondition ? [nameForCondition] : []);
