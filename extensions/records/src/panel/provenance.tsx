import type { PredictionRecord } from '../contract.ts';
import { nameWords } from './record-words.ts';

/** How the numbers came about: conventions, what computed them, what they were computed of. */
export function Provenance({ record: { conventions, provenance, image } }: { readonly record: PredictionRecord }) {
  const { viewer, extension, producer, device, timingsMs = {}, inputSha256 } = provenance;
  const facts: [string, string | undefined][] = [
    ...Object.entries(conventions).map(([name, value]): [string, string] => [nameWords(name), valueText(value)]),
    ['computed by', [producer, device?.gpu].filter(Boolean).join(' on ')],
    ['times', Object.entries(timingsMs).map(timingText).join(', ')],
    ['viewer', viewer && `${viewer.name} ${viewer.version}`],
    ['extension', extension && `${extension.name} ${extension.version}`],
    ['images', image.instances && `${image.instances.length} of series ${image.seriesUid ?? ''}`],
    ['scanner', [image.scanner?.manufacturer, image.scanner?.model].filter(Boolean).join(' ')],
    ['voxels, SHA-256', inputSha256?.slice(0, 16)],
  ];
  return (
    <dl className="vw-records-facts">
      {facts.map(([name, text]) =>
        text ? (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}

function timingText([name, ms]: [string, number]): string {
  return `${name} ${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}

function valueText(value: PredictionRecord['conventions'][string]): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? value.join(', ') : String(value);
}
