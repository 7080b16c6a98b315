import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/**
 * Structured logs, one JSON object per line. Only what is listed here can be in one: a field that a caller adds by mistake is dropped,
 * because it may be about a patient.
 */
const ALLOWED = new Set([
  'requestId',
  'method',
  'route',
  'status',
  'code',
  'durationMs',
  'person',
  'error',
  'reason',
  'port',
  'host',
  'version',
  'job',
  'jobId',
  'rows',
  'events',
  'size',
  'count',
  'process',
]);

export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { service: 'voxelwise-data' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: label => ({ level: label }),
        log: fields => Object.fromEntries(Object.entries(fields).filter(([name]) => ALLOWED.has(name))),
      },
    },
    destination as DestinationStream,
  );
}
