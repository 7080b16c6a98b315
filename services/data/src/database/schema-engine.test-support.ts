// A process of its own around Prisma's schema engine, whose WebAssembly jest cannot load. Prints one line of JSON:
// `script`, the SQL that would bring the database to the schema file; `history`, what Prisma thinks of the migrations applied.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import { SchemaEngine } from '@prisma/schema-engine-wasm';
import pg from 'pg';

const [ownerUrl = '', schemaFile = '', migrationsFolder = ''] = process.argv.slice(2);

/** PostgreSQL's internal type "char", which the engine reads from the catalog and the adapter does not know. */
const CHAR = 18;
const TEXT = 25;

/** Columns of type "char" of each result, by its rows. */
const charColumns = new WeakMap<object, number[]>();

class CatalogPool extends pg.Pool {
  // biome-ignore lint/suspicious/noExplicitAny: the pool's many forms of query
  override async query(...args: any[]): Promise<any> {
    const result = await (super.query as (...args: unknown[]) => Promise<pg.QueryResult>)(...args);
    const chars = result.fields.flatMap((field, index) => (field.dataTypeID === CHAR ? [index] : []));
    for (const index of chars) Object.assign(result.fields[index] as object, { dataTypeID: TEXT });
    charColumns.set(result.rows, chars);
    return result;
  }
}

class CatalogAdapter extends PrismaPg {
  override async connect() {
    const adapter = await super.connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async query => {
      const result = await queryRaw(query);
      for (const index of charColumns.get(result.rows) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character;
      return result;
    };
    return adapter;
  }
}

// Where the engine writes why it gave up.
Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => console.error(message) } });

const schema = { path: schemaFile, content: readFileSync(schemaFile, 'utf8') };
const filters = { externalTables: [], externalEnums: [] };
const read = (...parts: string[]) => readFileSync(path.join(migrationsFolder, ...parts), 'utf8');

const factory = bindMigrationAwareSqlAdapterFactory(
  new CatalogAdapter(new CatalogPool({ connectionString: ownerUrl })),
);
const engine = await SchemaEngine.new({ datamodels: [[schema.path, schema.content]] }, () => {}, factory);
const { stdout: script } = await engine.diff({
  from: { tag: 'schemaDatasource', files: [schema], configDir: path.dirname(schemaFile) },
  to: { tag: 'schemaDatamodel', files: [schema] },
  script: true,
  exitCode: null,
  filters,
});
const history = await engine.diagnoseMigrationHistory({
  migrationsList: {
    baseDir: migrationsFolder,
    lockfile: { path: 'migration_lock.toml', content: read('migration_lock.toml') },
    shadowDbInitScript: '',
    migrationDirectories: readdirSync(migrationsFolder, { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(({ name }) => ({
        path: name,
        migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: read(name, 'migration.sql') } },
      })),
  },
  optInToShadowDatabase: false,
  filters,
});
console.log(JSON.stringify({ script, history }));
process.exit(0);
