import type { RouteName } from '@voxelwise/contract';
import type { AuditEventInput } from '../audit/audit-event.ts';

/** What the audit event of each route says, unless its handler says otherwise. */
export const AUDIT_OF_ROUTE: Record<RouteName, Pick<AuditEventInput, 'type' | 'action'>> = {
  getSession: { type: 'session.read', action: 'R' },
  storePredictions: { type: 'prediction.create', action: 'C' },
  listPredictions: { type: 'prediction.search', action: 'R' },
  readQueue: { type: 'prediction.search', action: 'R' },
  readPrediction: { type: 'prediction.read', action: 'R' },
  reviewPrediction: { type: 'review.create', action: 'C' },
  setConsent: { type: 'record.consent', action: 'U' },
  setRetention: { type: 'record.hold', action: 'U' },
  shredPrediction: { type: 'record.shred', action: 'D' },
  writeObject: { type: 'object.write', action: 'C' },
  readObject: { type: 'object.read', action: 'R' },
  readMetrics: { type: 'metrics.read', action: 'R' },
  requestExport: { type: 'export.request', action: 'C' },
  listExports: { type: 'export.read', action: 'R' },
  readExport: { type: 'export.read', action: 'R' },
  cancelExport: { type: 'export.cancel', action: 'U' },
  readExportFile: { type: 'export.disclose', action: 'R' },
  takeEmergencyAccess: { type: 'emergency.grant', action: 'C' },
  listEmergencyAccess: { type: 'emergency.read', action: 'R' },
  readAudit: { type: 'audit.read', action: 'R' },
  readTreeHead: { type: 'audit.read', action: 'R' },
  proveInclusion: { type: 'audit.read', action: 'R' },
  proveConsistency: { type: 'audit.read', action: 'R' },
};
