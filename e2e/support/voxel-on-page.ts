import type { Page } from '@playwright/test';

/** Slices count from 0 by ascending z. */
export type VoxelOnScreen = readonly [column: number, row: number, slice: number];

/** What the page's own Cornerstone offers; only what the tests look at. */
export interface PageCornerstone {
  getRenderingEngines(): {
    getViewports(): {
      id: string;
      type: string;
      element: HTMLElement;
      getImageIds(): string[];
      setImageIdIndex(index: number): Promise<unknown>;
      getCurrentImageIdIndex(): number;
      worldToCanvas(world: number[]): [number, number];
      setZoom(zoom: number): void;
      getPan(): [number, number];
      setPan(pan: [number, number]): void;
      render(): void;
    }[];
  }[];
  metaData: {
    get(
      type: string,
      imageId: string,
    ): { imagePositionPatient: number[]; columnPixelSpacing: number; rowPixelSpacing: number };
  };
}

/**
 * Shows a voxel's slice in a viewport. @returns where the voxel is on the page
 * @param viewportId the first stack viewport where it is null
 */
export function voxelOnPage(
  page: Page,
  viewportId: string | null,
  [column, row, slice]: VoxelOnScreen,
): Promise<{ x: number; y: number }> {
  return page.evaluate(
    async ([id, x, y, z]) => {
      const { cornerstone } = window as unknown as { cornerstone: PageCornerstone };
      const viewports = cornerstone.getRenderingEngines().flatMap(engine => engine.getViewports());
      const viewport = viewports.find(one => (id === null ? one.type === 'stack' : one.id === id));
      if (!viewport) throw new Error(`There is no ${id === null ? 'stack viewport' : `viewport ${id}`}.`);
      const plane = (imageId: string) => cornerstone.metaData.get('imagePlaneModule', imageId);
      const imageIds = viewport.getImageIds();
      const ascending = [...imageIds].sort(
        (a, b) => (plane(a).imagePositionPatient[2] ?? 0) - (plane(b).imagePositionPatient[2] ?? 0),
      );
      const imageId = ascending[z] ?? '';
      const index = imageIds.indexOf(imageId);
      if (viewport.getCurrentImageIdIndex() !== index) await viewport.setImageIdIndex(index);
      const { imagePositionPatient, columnPixelSpacing, rowPixelSpacing } = plane(imageId);
      const [left = 0, top = 0, height = 0] = imagePositionPatient;
      const [dx, dy] = viewport.worldToCanvas([left + x * columnPixelSpacing, top + y * rowPixelSpacing, height]);
      const box = viewport.element.getBoundingClientRect();
      return { x: box.left + dx, y: box.top + dy };
    },
    [viewportId, column, row, slice] as const,
  );
}
