/**
 * Reads CSV (RFC 4180, lines that end with LF or CR LF) from a stream of UTF-8, one record after the other. Written for checking what csv-stringify wrote: it shares
 * nothing with it.
 *
 * @throws Error where a quoted field does not end, or text follows its end
 */
export async function* readCsv(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let record: string[] = [];
  let field = '';
  let place: 'start' | 'plain' | 'quoted' | 'quote-in-quoted' = 'start';
  const endField = () => {
    record.push(field);
    field = '';
    place = 'start';
  };
  for await (const text of decoded(stream, decoder)) {
    for (let at = 0; at < text.length; ) {
      // Everything up to the next character that means something, at once.
      const run = runFrom(text, at, place === 'quoted' ? '"' : '",\r\n');
      if (run > at) {
        if (place === 'quote-in-quoted') throw new Error('The CSV has text behind a quoted field.');
        if (place === 'start') place = 'plain';
        field += text.slice(at, run);
        at = run;
        continue;
      }
      const letter = text[at++];
      if (letter === '"') {
        if (place === 'plain') throw new Error('The CSV has a quote within a field that is not quoted.');
        if (place === 'quote-in-quoted') field += '"';
        place = place === 'quoted' ? 'quote-in-quoted' : 'quoted';
      } else if (letter === ',') {
        endField();
      } else if (letter === '\n') {
        endField();
        yield record;
        record = [];
      }
    }
  }
  if (place === 'quoted') throw new Error('The CSV ends within a quoted field.');
  if (place !== 'start' || record.length > 0) {
    endField();
    yield record;
  }
}

function runFrom(text: string, start: number, ends: string): number {
  let at = start;
  while (at < text.length && !ends.includes(text[at]!)) at++;
  return at;
}

async function* decoded(stream: AsyncIterable<Uint8Array>, decoder: TextDecoder): AsyncGenerator<string> {
  for await (const chunk of stream) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}
