import type { Block } from './sheet.ts';

/** Blocks that follow each other without a gap; a page may end after each. */
export type Section = readonly Block[];

/** What a page leaves between its header and its foot. */
export interface Space {
  readonly topMm: number;
  readonly bottomMm: number;
}

export interface Placed {
  readonly block: Block;
  readonly topMm: number;
}

/** Pages that are filled from the top, section by section. */
export interface PageFiller {
  readonly pages: readonly (readonly Placed[])[];
  /** Between sections. */
  readonly gapMm: number;
  /** Height for one more section on the current page. */
  freeMm(): number;
  /** A section without blocks is none. */
  add(section: Section): void;
  /** A block that ends where the current page does; it must fit. */
  addAtFoot(block: Block): void;
  startPage(): void;
}

/** @param spaceOf space of a page, counted from 0 */
export function pageFiller(spaceOf: (page: number) => Space, gapMm: number): PageFiller {
  const pages: Placed[][] = [[]];
  let y = spaceOf(0).topMm;
  const current = () => pages.at(-1)!;
  const gap = () => (current().length > 0 ? gapMm : 0);
  const bottomMm = () => spaceOf(pages.length - 1).bottomMm;
  const startPage = () => {
    pages.push([]);
    y = spaceOf(pages.length - 1).topMm;
  };
  return {
    pages,
    gapMm,
    freeMm: () => bottomMm() - y - gap(),
    add(section) {
      if (section.length > 0) y += gap();
      for (const block of section) {
        if (current().length > 0 && y + block.heightMm > bottomMm()) startPage();
        current().push({ block, topMm: y });
        y += block.heightMm;
      }
    },
    addAtFoot(block) {
      current().push({ block, topMm: bottomMm() - block.heightMm });
      y = bottomMm();
    },
    startPage,
  };
}
