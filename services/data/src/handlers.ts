import { listEmergencyAccess, takeEmergencyAccess } from './access/emergency-access.ts';
import { getSession } from './access/get-session.ts';
import { setConsent, setRetention, shredPrediction } from './administration/administer.ts';
import { proveConsistency, proveInclusion, readAudit, readTreeHead } from './audit/audit-routes.ts';
import { cancelExport, listExports, readExport, readExportFile, requestExport } from './exports/export-routes.ts';
import type { Handlers } from './http/call.ts';
import { readMetrics } from './metrics/read-metrics.ts';
import { readObjectOfPrediction, writeObject } from './objects/object-routes.ts';
import { listPredictions } from './predictions/list-predictions.ts';
import { readPrediction } from './predictions/read-prediction.ts';
import { readQueue } from './predictions/read-queue.ts';
import { storePredictions } from './predictions/store-predictions.ts';
import { reviewPrediction } from './reviews/review-prediction.ts';
import type { Services } from './services.ts';

/** The handler of every route of the contract. */
export function createHandlers(services: Services): Handlers {
  return {
    getSession: getSession(services),
    storePredictions: storePredictions(services),
    listPredictions: listPredictions(services),
    readQueue: readQueue(services),
    readPrediction: readPrediction(services),
    reviewPrediction: reviewPrediction(services),
    setConsent: setConsent(services),
    setRetention: setRetention(services),
    shredPrediction: shredPrediction(services),
    writeObject: writeObject(services),
    readObject: readObjectOfPrediction(services),
    readMetrics: readMetrics(services),
    requestExport: requestExport(services),
    listExports: listExports(services),
    readExport: readExport(services),
    cancelExport: cancelExport(services),
    readExportFile: readExportFile(services),
    takeEmergencyAccess: takeEmergencyAccess(services),
    listEmergencyAccess: listEmergencyAccess(services),
    readAudit: readAudit(services),
    readTreeHead: readTreeHead(services),
    proveInclusion: proveInclusion(services),
    proveConsistency: proveConsistency(services),
  };
}
