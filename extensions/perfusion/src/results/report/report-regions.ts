import type { Column, PdfDocument, Section } from '@voxelwise/dicom';
import { PERFUSION_MAPS } from '../../core/index.ts';
import { formatMapValue, unitOf } from '../color-map/index.ts';
import type { PerfusionResult, RegionStatistics } from '../perfusion-result.ts';
import { tableSection } from './table.ts';

type Measured = Pick<RegionStatistics, 'volumeMl' | 'maps'>;

/** Mean and standard deviation of every map in every region, its mirrored region below it. Empty without regions. */
export function regionsSection(doc: PdfDocument, { regions, settings }: PerfusionResult, column: Column): Section {
  const cells = (name: string, { volumeMl, maps }: Measured) => [
    name,
    `${volumeMl.toFixed(2)} mL`,
    ...PERFUSION_MAPS.map(map => {
      const statistics = maps[map];
      if (!statistics) return 'no value';
      return `${formatMapValue(map, statistics.mean)} ± ${formatMapValue(map, statistics.standardDeviation)}`;
    }),
  ];
  const rows = regions.flatMap(region => [
    cells(region.name, region),
    ...(region.mirrored ? [cells(`${region.name}, mirrored`, region.mirrored)] : []),
  ]);
  return tableSection(
    doc,
    'Regions, mean ± standard deviation',
    [
      { title: '', part: 0.2 },
      { title: 'Volume', part: 0.12, align: 'right' },
      ...PERFUSION_MAPS.map(map => ({
        title: `${map}, ${unitOf(map, settings.constants)}`,
        part: 0.136,
        align: 'right' as const,
      })),
    ],
    rows,
    column,
  );
}
