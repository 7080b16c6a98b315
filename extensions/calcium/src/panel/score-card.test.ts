import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { categoryOf } from '../core/index.ts';
import { describeWithPoppler, reportWith, scored, scoreOf, textOf } from '../results/report.test-support.ts';
import { renderCalciumReport } from '../results/report.ts';
import { ScoreCard } from './score-card.tsx';

function panelOf(agatston: number): { total: string; cells: string[]; category: string } {
  const { vessels, total, category } = scored([scoreOf(agatston, agatston, 1)]);
  const mass = { massMg: null, meanHu: null };
  const rows = vessels.map(row => ({ ...row, mass }));
  const html = renderToStaticMarkup(
    createElement(ScoreCard, {
      table: { rows, total, totalMass: mass, category },
      zeroConfirmed: false,
      onConfirmZero: () => undefined,
    }),
  );
  const inside = (pattern: RegExp) => html.match(pattern)?.[1]?.replaceAll('&gt;', '>') ?? '';
  const row = inside(/<tr data-vessel="total">(.*?)<\/tr>/);
  return {
    total: inside(/<output[^>]*>(.*?)<\/output>/),
    cells: [...row.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, text = '']) => text),
    category: inside(/data-testid="calcium-category">(.*?)<\/div>/)
      .replace(/<\/?strong>|<\/?span>/g, ' ')
      .trim(),
  };
}

describeWithPoppler('panel and report', () => {
  test.each([0.667, 9.96, 10.4, 100.3, 400.4, 999.5, 1234.5])('show %p alike', async agatston => {
    const panel = panelOf(agatston);
    const report = textOf(await renderCalciumReport(reportWith(scored([scoreOf(agatston, agatston, 1)]))));
    const { label, range } = categoryOf(agatston);
    expect(panel.category.replace(/\s+/g, ' ')).toBe(`${label} ${range}`);
    expect(report).toContain(`${panel.total} ${label}`);
    expect(report).toContain(`Category ${range}`);
    expect(report).toContain(`Total ${panel.cells.join(' ')}`);
  });
});
