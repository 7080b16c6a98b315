/** Id of the mode's hanging protocol. */
export const HANGING_PROTOCOL_ID = '@voxelwise/perfusion.hangingProtocol';

/** Id of the viewport that shows the series over time. */
export const SOURCE_VIEWPORT = 'voxelwise-perfusion-source';

/** Ids of the viewports that show a map each. */
export const MAP_VIEWPORTS = [
  'voxelwise-perfusion-map-1',
  'voxelwise-perfusion-map-2',
  'voxelwise-perfusion-map-3',
  'voxelwise-perfusion-map-4',
] as const;

/** All of them, the source first. */
export const VIEWPORTS: readonly string[] = [SOURCE_VIEWPORT, ...MAP_VIEWPORTS];

/**
 * The view whose slice is that of pictures and reports: the source, and where the reader has made a map as large as the whole, that
 * map. All views scroll together.
 * @param isShown tells of a viewport whether it is on screen
 * @returns undefined where none of ours is
 */
export function leadingViewport(isShown: (viewportId: string) => boolean): string | undefined {
  return VIEWPORTS.find(isShown);
}

/** A phone, or a screen that stands: the source lies above the maps there. */
const isPortrait = globalThis.innerWidth < globalThis.innerHeight;

/** Where the five views lie, in parts of the whole: the source beside or above a square of maps. */
const LAYOUT = isPortrait
  ? [
      { x: 0, y: 0, width: 1, height: 0.36 },
      { x: 0, y: 0.36, width: 0.5, height: 0.32 },
      { x: 0.5, y: 0.36, width: 0.5, height: 0.32 },
      { x: 0, y: 0.68, width: 0.5, height: 0.32 },
      { x: 0.5, y: 0.68, width: 0.5, height: 0.32 },
    ]
  : [
      { x: 0, y: 0, width: 0.36, height: 1 },
      { x: 0.36, y: 0, width: 0.32, height: 0.5 },
      { x: 0.68, y: 0, width: 0.32, height: 0.5 },
      { x: 0.36, y: 0.5, width: 0.32, height: 0.5 },
      { x: 0.68, y: 0.5, width: 0.32, height: 0.5 },
    ];

/** Slices and camera move together in all views. */
const SYNC_GROUPS = ['imageslice', 'zoompan'].map(type => ({
  type,
  id: `voxelwise-perfusion-${type}`,
  source: true,
  target: true,
}));

/**
 * The series beside its maps. All views are stacks of one time point's slices, which the session puts there once the series is
 * grouped; until then they are empty.
 */
export const hangingProtocol = {
  id: HANGING_PROTOCOL_ID,
  name: 'Perfusion',
  toolGroupIds: ['default'],
  protocolMatchingRules: [],
  displaySetSelectors: {},
  stages: [
    {
      name: 'Source and maps',
      viewportStructure: {
        layoutType: 'grid',
        properties: { rows: isPortrait ? 3 : 2, columns: isPortrait ? 2 : 3, layoutOptions: LAYOUT },
      },
      viewports: VIEWPORTS.map(viewportId => ({
        viewportOptions: {
          viewportId,
          viewportType: 'stack',
          toolGroupId: 'default',
          syncGroups: SYNC_GROUPS,
          initialImageOptions: { preset: 'middle' },
          // Name, time and units are drawn over the pictures, where the host's own words would be.
          customViewportProps: { hideOverlays: true },
        },
        displaySets: [],
      })),
    },
  ],
};
