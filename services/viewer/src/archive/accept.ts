import type { Request } from 'express';

/** One media type that the client accepts, with its parameters in lower case. */
export interface AcceptedType {
  type: string;
  parameters: Map<string, string>;
}

/** The Accept header (or the `accept` query parameter, PS3.18 8.3.3), best first as the client wrote it. */
export function acceptedTypes(request: Request): AcceptedType[] {
  const asked = request.query.accept;
  const header = (typeof asked === 'string' && asked !== '' ? asked : request.headers.accept) || '*/*';
  return splitOutsideQuotes(header, ',').map(entry => {
    const [type, ...rest] = splitOutsideQuotes(entry, ';');
    const parameters = rest.map(parameter => {
      const [name = '', value = ''] = parameter.split(/=(.*)/s);
      return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/s, '$1')] as const;
    });
    return { type: (type ?? '').trim().toLowerCase(), parameters: new Map(parameters) };
  });
}

/** Whether the client takes one of these media types. */
export function accepts(request: Request, ...types: string[]): boolean {
  return acceptedTypes(request).some(
    ({ type }) => type === '*/*' || types.includes(type) || types.some(one => type === one.replace(/\/.*/, '/*')),
  );
}

/**
 * Whether the client asks for the bare bytes rather than for a multipart answer. `*` + `/*` alone means multipart, the
 * form that every DICOMweb client understands.
 */
export function wantsSinglePart(request: Request): boolean {
  const [first] = acceptedTypes(request);
  return first !== undefined && first.type !== '*/*' && !first.type.startsWith('multipart/');
}

/** Cuts at a separator, except within double quotes: `multipart/related; type="application/dicom; x=y"`. */
function splitOutsideQuotes(text: string, separator: ',' | ';'): string[] {
  return text.match(separator === ',' ? /(?:"[^"]*"|[^",])+/g : /(?:"[^"]*"|[^";])+/g) ?? [];
}
