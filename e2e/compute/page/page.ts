/** What the specs call inside the browser: the compute sources as a page would use them. */

import type { Engine } from '../../../extensions/compute/src/engine/engine.ts';
import type { Producer } from '../../../extensions/compute/src/engine/kernel.ts';
import { createLocalEngine } from '../../../extensions/compute/src/engine/local-engine.ts';
import { createWorkerEngine } from '../../../extensions/compute/src/engine/worker-engine.ts';
import type { DeviceOptions } from '../../../extensions/compute/src/webgl2/device.ts';
import {
  configureSharedDevice,
  sharedDevice,
  sharedDeviceName,
} from '../../../extensions/compute/src/webgl2/shared-device.ts';
import * as calibration from './calibration.ts';
import * as device from './device.ts';
import * as faults from './faults.ts';
import { takeGlErrors } from './gl-errors.ts';
import * as pageGpu from './page-gpu.ts';
import { suiteOf } from './suites.ts';
import * as workers from './workers.ts';

export type Place = 'main thread' | 'worker' | 'two workers';

function createEngine(place: Place): Engine {
  if (place === 'main thread') return createLocalEngine();
  const options = place === 'two workers' ? ({ workers: 2, split: 'always' } as const) : { workers: 1 };
  return createWorkerEngine(() => new Worker('/worker.js', { type: 'module' }), options);
}

/** What is left on the GPU when everything that is kept for reuse is given up: nothing, or there is a leak. */
async function leaked() {
  await sharedDevice().releaseIdle();
  return sharedDevice().counters;
}

const page = {
  ...calibration,
  ...device,
  ...faults,
  ...pageGpu,
  ...workers,

  async checkEquality(kernelName: string, producer: Producer, place: Place) {
    const suite = suiteOf(kernelName);
    const engine = createEngine(place);
    try {
      const outcome = await suite.check({ producer }, engine);
      return { ...outcome, leaked: place === 'main thread' ? await leaked() : null };
    } finally {
      engine.destroy(); // and with it the page's device
    }
  },

  /** The same on a device that lacks something: each case is computed, on the GPU or elsewhere. */
  async checkOnLesserDevice(kernelName: string, options: DeviceOptions) {
    const suite = suiteOf(kernelName);
    const engine = createLocalEngine();
    configureSharedDevice(options);
    try {
      const outcome = await suite.check({ prefer: 'webgl2' }, engine);
      return { ...outcome, leaked: await leaked() };
    } finally {
      engine.destroy();
      configureSharedDevice({});
    }
  },

  async cancelOnGpu(kernelName: string) {
    const outcome = await suiteOf(kernelName).cancelled('webgl2');
    return { ...outcome, leaked: await leaked() };
  },

  deviceName: sharedDeviceName,

  takeGlErrors,
};

export type ComputePage = typeof page;
Object.assign(globalThis, { computePage: page });
