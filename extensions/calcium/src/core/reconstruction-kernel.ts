/**
 * Kernels that enhance edges, by the names that vendors give them: Siemens (B50f and above, Br59, Bl57), Canon (FC30 and
 * above for bone and lung), GE (by name). They raise noise and peaks, and with them the score. A name that is not listed
 * says nothing: this is a help for the reader, not a rule. To be verified per site.
 */
const SHARP_KERNELS: readonly RegExp[] = [
  /^[BIU][a-z]?[5-9]\d/,
  /^FC(3|5|8)\d/,
  /^(LUNG|BONE|BONEPLUS|EDGE|ULTRA|DETAIL)\b/i,
];

/** Whether a ConvolutionKernel (0018,1210) is known to enhance edges. */
export function isSharpKernel(kernel: string): boolean {
  return SHARP_KERNELS.some(pattern => pattern.test(kernel.trim()));
}
