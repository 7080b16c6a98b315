import type pg from 'pg';
import { UserError } from '../user-error.ts';
import { PRIVILEGES } from './grants.ts';

/** Tables whose rows nobody changes: what they hold is evidence. */
const APPEND_ONLY = Object.keys(PRIVILEGES).filter(table => {
  const { update, delete: deletes } = PRIVILEGES[table] ?? {};
  return !update && !deletes;
});

/** Roles of PostgreSQL that reach files and programs of the server, or all rows. */
const POWERFUL_ROLES = ['pg_write_all_data', 'pg_write_server_files', 'pg_execute_server_program', 'pg_maintain'];

/**
 * Refuses a connection whose role could change what is append-only, by whatever way: being a superuser, owning tables, belonging to
 * a role that may. Called before serving; also refuses a role that lacks what it needs.
 *
 * @param pool connected as the application role
 * @throws {UserError}
 */
export async function assertSafeRole(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query(ROLE_FACTS, [POWERFUL_ROLES, APPEND_ONLY, Object.keys(PRIVILEGES)]);
  const facts = rows[0] as RoleFacts;
  const reason = dangerOf(facts);
  if (reason) {
    throw new UserError(
      `The role ${facts.role} of DATABASE_URL ${reason}, so it could change the audit. ` +
        'Use a role that owns nothing and has no more privileges than voxelwise-data migrate gives it.',
    );
  }
  if (facts.lacking.length > 0) {
    throw new UserError(
      `The role ${facts.role} of DATABASE_URL may not use the table ${shortened(facts.lacking)}. Run: voxelwise-data migrate`,
    );
  }
}

interface RoleFacts {
  role: string;
  superuser: boolean;
  makes_roles: boolean;
  powerful: string[];
  owned: string[];
  changeable: string[];
  lacking: string[];
}

function dangerOf(facts: RoleFacts): string | undefined {
  if (facts.superuser) return 'is, or may become, a superuser';
  if (facts.makes_roles) return 'may create roles (CREATEROLE)';
  if (facts.powerful.length > 0) return `belongs to ${facts.powerful.join(', ')}`;
  if (facts.owned.length > 0) return `is, or may become, the owner of ${shortened(facts.owned)}`;
  if (facts.changeable.length > 0)
    return `may update, delete, truncate or put triggers on ${facts.changeable.join(', ')}`;
  return undefined;
}

function shortened(names: string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

/** `self` are the role and all roles it may become with SET ROLE, whether it inherits their privileges or not. */
const ROLE_FACTS = `
  WITH self AS (SELECT oid, rolname, rolsuper, rolcreaterole FROM pg_roles WHERE pg_has_role(current_user, oid, 'MEMBER')),
  tables AS (SELECT oid, relname, relowner, relnamespace FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p'))
  SELECT current_user AS role,
    (SELECT bool_or(rolsuper) FROM self) AS superuser,
    (SELECT bool_or(rolcreaterole) FROM self) AS makes_roles,
    ARRAY(SELECT rolname::text FROM self WHERE rolname = ANY ($1::text[]) ORDER BY 1) AS powerful,
    ARRAY(
      SELECT 'the database' FROM pg_database WHERE datname = current_database() AND datdba IN (SELECT oid FROM self)
      UNION ALL SELECT 'the schema ' || nspname FROM pg_namespace WHERE nspname = 'public' AND nspowner IN (SELECT oid FROM self)
      UNION ALL SELECT 'the table ' || relname FROM tables WHERE relowner IN (SELECT oid FROM self)
      ORDER BY 1
    ) AS owned,
    ARRAY(
      SELECT relname::text FROM tables WHERE relname = ANY ($2::text[]) AND EXISTS (
        SELECT FROM self WHERE has_table_privilege(self.oid, tables.oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER')
          OR has_any_column_privilege(self.oid, tables.oid, 'UPDATE'))
      ORDER BY 1
    ) AS changeable,
    ARRAY(
      SELECT name FROM unnest($3::text[]) AS name LEFT JOIN tables ON relname = name
      WHERE tables.oid IS NULL OR NOT has_table_privilege(tables.oid, 'SELECT') OR NOT has_table_privilege(tables.oid, 'INSERT')
      ORDER BY 1
    ) AS lacking`;
