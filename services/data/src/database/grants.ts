import type pg from 'pg';
import { UserError } from '../user-error.ts';
import { JOB_SCHEMA } from './job-schema.ts';

/** What the application role may do to a table besides SELECT and INSERT. */
interface TablePrivileges {
  /** Columns that it may change; all where true. */
  update?: string[];
  delete?: boolean;
}

/** Columns of a prediction that follow from its reviews, or are administered. */
const DERIVED = [
  'status',
  'review_count',
  'ground_truth',
  'ground_truth_level',
  'agreement',
  'quality',
  'quality_reasons',
  'consent',
  'retention_until',
  'legal_hold',
  'shredded_at',
  'shred_reason',
];

/** Content that a tombstone no longer has. A trigger refuses any other change to it. */
const EMPTIED_BY_SHREDDING = [
  'produced_at',
  'patient',
  'accession',
  'sex',
  'age_band',
  'study_uid',
  'series_uid',
  'instances',
  'modality',
  'scanner_manufacturer',
  'scanner_model',
  'algorithm_digest',
  'confidence',
  'payload',
  'conventions',
  'provenance',
  'note_sealed',
  'data_key_id',
];

/** Every table of the schema. Those with nothing besides are append-only. */
export const PRIVILEGES: Record<string, TablePrivileges> = {
  data_key: { update: ['master_key_id', 'wrapped', 'destroyed_at'] },
  prediction: { update: [...DERIVED, ...EMPTIED_BY_SHREDDING] },
  review: {},
  stored_object: { update: ['created_at'], delete: true },
  object_reference: { delete: true },
  emergency_access: {},
  export: { update: ['status', 'done_rows', 'total_rows', 'manifest', 'problem', 'finished_at'] },
  export_file: { delete: true },
  export_identifier: {},
  split_assignment: {},
  audit_event: {},
  audit_leaf: {},
  audit_node: {},
  audit_tree_head: {},
};

/**
 * Gives the application role exactly its privileges: what it had before is taken first.
 *
 * @param client connected as the owner of the schema
 * @throws {UserError} where the role does not exist
 */
export async function grantToApplication(client: pg.Client, role: string): Promise<void> {
  const name = client.escapeIdentifier(role);
  const { rows } = await client.query(
    `SELECT oid, pg_has_role(oid, current_user, 'MEMBER') AS is_owner FROM pg_roles WHERE rolname = $1`,
    [role],
  );
  if (rows.length === 0) {
    throw new UserError(
      `The role ${role} of DATABASE_URL does not exist. Create it: CREATE ROLE ${name} LOGIN PASSWORD '...'`,
    );
  }
  if (rows[0].is_owner) {
    throw new UserError(
      `The role ${role} of DATABASE_URL is, or belongs to, the role that owns the tables, and could change the audit. ` +
        'DATABASE_URL and MIGRATION_DATABASE_URL must name two roles.',
    );
  }
  const statements = [
    'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC',
    `REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${name}`,
    `REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM ${name}`,
    'REVOKE CREATE ON SCHEMA public FROM PUBLIC',
    `GRANT USAGE ON SCHEMA public TO ${name}`,
    `GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${name}`,
    `GRANT SELECT ON "_prisma_migrations" TO ${name}`,
    ...Object.entries(PRIVILEGES).map(([table, privileges]) => grant(table, privileges, name)),
    `GRANT USAGE ON SCHEMA ${JOB_SCHEMA} TO ${name}`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${JOB_SCHEMA} TO ${name}`,
    `GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${JOB_SCHEMA} TO ${name}`,
    `GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${JOB_SCHEMA} TO ${name}`,
  ];
  await client.query(['BEGIN', ...statements, 'COMMIT'].join(';\n'));
}

function grant(table: string, privileges: TablePrivileges, role: string): string {
  const granted = ['SELECT', 'INSERT'];
  if (privileges.update) granted.push(`UPDATE (${privileges.update.map(column => `"${column}"`).join(', ')})`);
  if (privileges.delete) granted.push('DELETE');
  return `GRANT ${granted.join(', ')} ON "${table}" TO ${role}`;
}
