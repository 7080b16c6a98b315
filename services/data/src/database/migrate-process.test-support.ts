// A process of its own that migrates a database and prints the migrations that it applied.
import { migrate } from './migrate.ts';

const [ownerUrl = '', appRole = '', migrationsFolder = ''] = process.argv.slice(2);
console.log(JSON.stringify(await migrate({ ownerUrl, appRole, migrationsFolder })));
