/** Kernels of perfusion, for the worker and the command line. */

export { fittingParameters } from './maps/assert-parameters.ts';
export { mapsKernel } from './maps/index.ts';
export type { MapsParameters } from './maps-parameters.ts';
export type { SurveyOutcome, SurveyParameters } from './survey/index.ts';
export { surveyKernel } from './survey/index.ts';
