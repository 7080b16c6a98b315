import { jest } from '@jest/globals';

// Starting PostgreSQL may be in a test's time, on a machine that has other things to do.
jest.setTimeout(180_000);
