import type { Contender } from './contenders/contender.ts';
import { CONTENDERS, JOB_TITLES } from './contenders/index.ts';
import { cellsOf, jobTitle } from './format.ts';
import type { Row } from './rows.ts';

const COLUMNS = {
  median: 'median',
  timesFloor: 'times the floor',
  timesReference: 'times ours, 1 thread',
  memory: 'memory',
};

/** The table of a run: a section per job, and a row per contender, from the start on. */
export function renderResults(
  contenders: readonly Contender[],
  rows: readonly Row[],
  running?: Contender,
): HTMLElement[] {
  const jobs = [...new Set(CONTENDERS.map(({ job }) => job))].filter(job => contenders.some(c => c.job === job));
  return jobs.flatMap(job => {
    const own = contenders.filter(contender => contender.job === job);
    const slowest = Math.max(
      ...rows.map(row => (row.job === job && row.status === 'measured' ? row.timing.median : 0)),
    );
    const body = own.map(contender => {
      const row = rows.find(({ id }) => id === contender.id);
      if (row) return rowElement(row, rows, slowest);
      const state = contender === running ? 'running ...' : 'waiting';
      return tableRow(contender, contender.peer !== undefined, 'waiting', [
        element('td', { className: 'reason', colSpan: 4 }, state),
      ]);
    });
    const head = element(
      'tr',
      {},
      element('th', { scope: 'col' }, ''),
      ...Object.values(COLUMNS).map(name => element('th', { scope: 'col' }, name)),
    );
    const title = element('h2', {}, rows.length > 0 ? jobTitle(job, rows) : JOB_TITLES[job]);
    return [title, element('table', {}, element('thead', {}, head), element('tbody', {}, ...body))];
  });
}

function rowElement(row: Row, rows: readonly Row[], slowest: number): HTMLElement {
  const cells = cellsOf(row, rows);
  if (row.status !== 'measured') {
    const reason = element('td', { className: 'reason', colSpan: 4 }, cells.remark);
    return tableRow(row, row.isPeer, row.status, [reason]);
  }
  const bar = element('span', { className: 'bar' });
  bar.style.width = `${Math.max(0.5, (100 * row.timing.median) / slowest)}%`;
  const cell = (column: keyof typeof COLUMNS, ...content: (Node | string)[]) => {
    const made = element('td', { className: column }, ...content);
    made.dataset.column = COLUMNS[column];
    return made;
  };
  const content = [
    cell('median', cells.median, element('small', {}, cells.range)),
    cell(
      'timesFloor',
      cells.timesFloor,
      element('small', {}, cells.timesSharedFloor && `${cells.timesSharedFloor} of shared memory`),
    ),
    cell('timesReference', cells.timesReference),
    cell('memory', cells.memory),
  ];
  return tableRow(row, row.isPeer, row.status, content, [bar, element('small', {}, cells.remark)]);
}

function tableRow(
  { id, name, note, version }: Pick<Row, 'id' | 'name' | 'note'> & { readonly version?: string },
  isPeer: boolean,
  status: string,
  cells: readonly HTMLElement[],
  extra: readonly HTMLElement[] = [],
): HTMLElement {
  const label = element('span', { className: 'name' }, version ? `${name} ${version}` : name);
  const head = element('th', { scope: 'row' }, label, element('small', {}, note), ...extra);
  const row = element('tr', { className: isPeer ? 'peer' : 'ours' }, head, ...cells);
  row.dataset.status = status;
  row.dataset.contender = id;
  return row;
}

/** An element with properties and content. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]>,
  ...content: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...content);
  return made;
}
