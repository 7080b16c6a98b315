/**
 * Imported before any schema: zod would try whether it may compile code, which a hospital's Content-Security-Policy without
 * 'unsafe-eval' refuses and reports.
 */
import { config } from 'zod';

config({ jitless: true });
