import { ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import { createProxyServer } from 'http-proxy-3';
import { assertNoDotSegments, cutOffWithAnswer } from './pass-on.ts';
import { UserError } from './user-error.ts';

/** Where Orthanc is, taken apart: credentials do not belong in logs. */
export interface OrthancTarget {
  url: string;
  auth: string | undefined;
}

/** Reads ORTHANC_URL, for example `http://user:password@localhost:8042`. */
export function parseOrthancUrl(text: string): OrthancTarget {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new UserError('ORTHANC_URL is not an http(s) address. It looks like http://localhost:8042.');
  }
  const auth = url.username ? `${decoded(url.username)}:${decoded(url.password)}` : undefined;
  return { url: `${url.protocol}//${url.host}${url.pathname.replace(/\/$/, '')}`, auth };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UserError(
      'ORTHANC_URL has a % in its user or password that encodes nothing: write %25 for the % itself.',
    );
  }
}

/**
 * Passes /dicom-web and /wado on to Orthanc, under the same paths. `Forwarded` names the browser's host, so that the URLs
 * in Orthanc's answers lead back here; Host is Orthanc's own, which TLS and virtual hosts go by.
 */
export function orthancProxy({ url, auth }: OrthancTarget): RequestHandler {
  const proxy = createProxyServer({
    target: url,
    changeOrigin: true,
    proxyTimeout: 10 * 60 * 1000,
    ...(auth === undefined ? {} : { auth }),
  });
  proxy.on('proxyReq', (proxyRequest, request) => {
    // The request has passed our own guard; Orthanc must not judge it by the page that it comes from.
    for (const name of ['origin', 'referer', 'cookie']) proxyRequest.removeHeader(name);
    const encrypted = request.headers['x-forwarded-proto'] === 'https';
    // RFC 7239 wants quotes around a host with a port; Orthanc would take them for a part of the name.
    proxyRequest.setHeader('Forwarded', `host=${request.headers.host};proto=${encrypted ? 'https' : 'http'}`);
  });
  cutOffWithAnswer(proxy);
  proxy.on('error', (_error, _request, response) => {
    if (!(response instanceof ServerResponse) || response.headersSent) {
      response?.destroy();
      return;
    }
    const detail = `Orthanc at ${url} does not answer. Is it running, and is ORTHANC_URL right?`;
    response.writeHead(502, { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' });
    response.end(JSON.stringify({ type: 'about:blank', status: 502, detail }));
  });
  return (request, response) => {
    // Out of /dicom-web is all of Orthanc's REST API.
    assertNoDotSegments(request);
    request.url = request.originalUrl; // Express has cut off the mount path, which Orthanc uses too
    proxy.web(request, response);
  };
}

/** One sentence when Orthanc cannot be used as it is, for the terminal; undefined when all is well. */
export async function checkOrthanc({ url, auth }: OrthancTarget): Promise<string | undefined> {
  const headers: Record<string, string> = { Accept: 'application/dicom+json' };
  if (auth !== undefined) headers.Authorization = `Basic ${Buffer.from(auth).toString('base64')}`;
  try {
    const answer = await fetch(`${url}/dicom-web/studies?limit=1`, { headers, signal: AbortSignal.timeout(5000) });
    await answer.body?.cancel();
    if (answer.ok) return undefined;
    if (answer.status === 401) return `Orthanc at ${url} wants a login: ORTHANC_URL=http://user:password@host:port.`;
    return `Orthanc at ${url} answers ${answer.status} under /dicom-web. Is its DICOMweb plug-in enabled?`;
  } catch {
    return `Orthanc at ${url} does not answer yet. The viewer starts anyway, and shows no studies until it does.`;
  }
}
