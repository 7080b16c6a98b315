import { type Block, type Column, headed, type Section } from '@voxelwise/dicom';
import type { jsPDF } from 'jspdf';
import type { PerfusionResult, ResultCurve } from '../perfusion-result.ts';
import { curvePlot } from './curve-plot.ts';

const HEIGHT_MM = 52;
const GAP_MM = 6;

/** Vessels on the left, tissue, which has a tenth of their contrast, on the right. Empty where there are no curves. */
export function curvesSection(doc: jsPDF, { curves, settings }: PerfusionResult, column: Column): Section {
  const unit = settings.signal.kind === 'attenuation' ? 'HU above the baseline' : 'change of R2*, 1/s';
  const ofKinds = (...kinds: ResultCurve['kind'][]) => curves.curves.filter(({ kind }) => kinds.includes(kind));
  const plots = [
    { title: 'Vessels', curves: ofKinds('aif', 'vof') },
    { title: 'Tissue', curves: ofKinds('tissue', 'mirrored') },
  ].filter(plot => plot.curves.length > 0);
  if (plots.length === 0) return [];
  const widthMm = (column.widthMm - GAP_MM) / 2;
  const blocks = plots.map((plot, index) =>
    curvePlot(
      doc,
      { ...plot, unit, timesS: curves.timesS },
      { leftMm: column.leftMm + index * (widthMm + GAP_MM), widthMm },
      HEIGHT_MM,
    ),
  );
  const side: Block = {
    heightMm: HEIGHT_MM,
    draw(top) {
      for (const block of blocks) block.draw(top);
    },
  };
  return headed(doc, 'Curves', [side], column);
}
