/**
 * Programs whose names are kept of a User-Agent. The header is whatever a client writes, also somebody's name or number; so what is
 * not known here is left out, and comments (in parentheses: systems and devices) are left out as a whole.
 */
const KNOWN = new Set([
  'Mozilla',
  'AppleWebKit',
  'Chrome',
  'HeadlessChrome',
  'Chromium',
  'Safari',
  'Version',
  'Mobile',
  'Firefox',
  'Gecko',
  'Edg',
  'OPR',
  'Electron',
  'Voxelwise',
  'voxelwise-data',
  'OHIF',
  'Orthanc',
  'curl',
  'Wget',
  'node',
  'undici',
  'axios',
  'got',
  'k6',
  'autocannon',
  'python-requests',
  'python-httpx',
  'aiohttp',
  'Python-urllib',
  'Go-http-client',
  'Java',
  'okhttp',
  'Apache-HttpClient',
  'PostmanRuntime',
  'insomnia',
  'Prometheus',
  'kube-probe',
]);

/** Groups of at most four digits: versions are shorter than the numbers of patients and examinations. */
const VERSION = /^\d{1,4}(?:\.\d{1,4}){0,3}$/;
const LONGEST = 200;
/** Longer ones are no browser's, and are not looked into. */
const LONGEST_HEADER = 2000;

/**
 * Which programs a client says it is made of, for the audit event: `Mozilla AppleWebKit/537.36 Chrome/131.0.0.0`.
 * @param userAgent the header of a request
 * @returns undefined where no known program is named
 */
export function clientProgram(userAgent: string | undefined): string | undefined {
  if (!userAgent || userAgent.length > LONGEST_HEADER) return undefined;
  const products = userAgent.replace(/\([^()]*\)/g, ' ').split(/\s+/);
  const kept = products.flatMap(product => {
    const [name = '', version = '', ...more] = product.split('/');
    if (!KNOWN.has(name) || more.length > 0) return [];
    return [VERSION.test(version) ? `${name}/${version}` : name];
  });
  return kept.join(' ').slice(0, LONGEST) || undefined;
}
