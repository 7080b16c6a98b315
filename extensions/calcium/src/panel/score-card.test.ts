import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import {
  BELOW_WEIGHTS_NOTE,
  categoryOf,
  interpretScore,
  LOW_SCORE_NOTE,
  type Mass,
  type Score,
} from '../core/index.ts';
import { describeWithPoppler, reportWith, scored, scoreOf, textOf } from '../results/report.test-support.ts';
import { renderCalciumReport } from '../results/report.ts';
import { ScoreCard } from './score-card.tsx';

const MASS = { massMg: null, meanHu: null };

/** The card as HTML. The scores are those of LM, LAD, LCX and RCA. */
function cardOf(scores: readonly Score[], mass: Mass = MASS): string {
  const { vessels, total } = scored(scores);
  const rows = vessels.map(row => ({ ...row, mass }));
  const interpretation = interpretScore(
    total,
    vessels.map(({ vessel, score }) => ({ vessel, agatston: score.agatston })),
  );
  return renderToStaticMarkup(
    createElement(ScoreCard, {
      table: { rows, total, totalMass: mass, interpretation },
      zeroConfirmed: false,
      onConfirmZero: () => undefined,
    }),
  );
}

function panelOf(agatston: number): { total: string; cells: string[]; category: string } {
  const html = cardOf([scoreOf(agatston, agatston, 1)]);
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

describe('beside the category', () => {
  test.each([
    [1000, false],
    [1000.5, true],
  ])('a score of %d is flagged as very high: %p', (agatston, isFlagged) => {
    expect(cardOf([scoreOf(0), scoreOf(agatston)]).includes('Very high: above 1000')).toBe(isFlagged);
  });

  test('calcium of the left main is named, and only there', () => {
    expect(cardOf([scoreOf(12), scoreOf(200)])).toContain('Left main involved');
    expect(cardOf([scoreOf(0), scoreOf(200)])).not.toContain('Left main');
  });

  test('stands how much low scores vary', () => {
    expect(cardOf([scoreOf(99.9)])).toContain(LOW_SCORE_NOTE);
    expect(cardOf([scoreOf(100)])).not.toContain(LOW_SCORE_NOTE);
    expect(cardOf([])).not.toContain(LOW_SCORE_NOTE);
  });

  test('calcium below the weights has neither category nor score', () => {
    const html = cardOf([scoreOf(0, 75, 1)]);
    expect(html).toContain(BELOW_WEIGHTS_NOTE);
    expect(html).not.toContain('calcium-category');
    expect(html).toMatch(/<output[^>]*>–<\/output>/);
    expect(html).not.toContain('calcium-confirm-zero');
  });
});

test('masses are written as in the report: a small one is not 0.0', () => {
  expect(cardOf([scoreOf(1)], { massMg: 0.024, meanHu: 140 })).toContain('>0.02</td>');
  expect(cardOf([scoreOf(12)], { massMg: 2.46, meanHu: 140 })).toContain('>2.5</td>');
});

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
