import { panelCss } from '@voxelwise/host/panel';

/** Styles of the panel: those of all panels, and its own. */
export const CSS = `${panelCss('.vw-calcium')}
.vw-calcium .vw-total { display: flex; align-items: flex-end; justify-content: space-between; gap: 12px; }
.vw-calcium .vw-score { display: block; font-size: 34px; line-height: 1.1; font-weight: 600; }
.vw-calcium .vw-category { display: flex; flex-direction: column; align-items: flex-end; border-left: 4px solid var(--vw-muted); padding-left: 10px; }
.vw-calcium .vw-category strong { font-size: 15px; }
.vw-calcium .vw-category span { color: var(--vw-muted); font-size: 12px; }
.vw-calcium .vw-category[data-category='none'] { border-color: #22c55e; }
.vw-calcium .vw-category[data-category='minimal'] { border-color: #a3e635; }
.vw-calcium .vw-category[data-category='mild'] { border-color: #facc15; }
.vw-calcium .vw-category[data-category='moderate'] { border-color: #fb923c; }
.vw-calcium .vw-category[data-category='severe'] { border-color: #ef4444; }
.vw-calcium .vw-hint { color: var(--vw-muted); display: flex; flex-direction: column; gap: 6px; }
.vw-calcium .vw-hint label { display: flex; gap: 8px; align-items: center; color: var(--vw-text); cursor: pointer; }
.vw-calcium .vw-zero td, .vw-calcium .vw-zero th { color: var(--vw-muted); }
.vw-calcium .vw-work { display: flex; flex-direction: column; gap: 10px; }
.vw-calcium .vw-labels { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: 4px; }
.vw-calcium .vw-labels button { --vessel: var(--vw-muted); height: 42px; padding: 0; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 2px; border: 1px solid var(--vw-line); border-bottom: 3px solid var(--vessel); border-radius: 6px; background: transparent; color: var(--vw-text); font-size: 12px; line-height: 1; cursor: pointer; }
.vw-calcium .vw-labels button[aria-checked='true'] { background: color-mix(in srgb, var(--vessel) 32%, transparent); border-color: var(--vessel); font-weight: 600; }
.vw-calcium .vw-tools { display: flex; flex-direction: column; gap: 6px; }
.vw-calcium .vw-tool-row { display: flex; gap: 8px; }
.vw-calcium .vw-tool-buttons { flex: 1; display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 4px; }
.vw-calcium .vw-tool-buttons .vw-button { height: 36px; padding: 0; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 2px; line-height: 1; }
.vw-calcium .vw-windows { border: 0; margin: 0; padding: 0; min-width: 0; display: flex; flex-wrap: wrap; gap: 4px; }
.vw-calcium .vw-threshold label { display: flex; justify-content: space-between; }
.vw-calcium .vw-lesions { display: flex; flex-direction: column; gap: 6px; }
.vw-calcium .vw-lesions li { display: flex; border-radius: 4px; }
.vw-calcium .vw-lesions li:nth-child(odd) { background: rgb(255 255 255 / 0.03); }
.vw-calcium .vw-lesions li.vw-selected { background: hsl(var(--primary, 214 98% 60%) / 0.25); }
.vw-calcium .vw-row { flex: 1; min-width: 0; display: grid; grid-template-columns: 18px 32px minmax(48px, 1fr) minmax(68px, 1.4fr) minmax(46px, 1.1fr) 32px; column-gap: 4px; align-items: center; padding: 5px 6px; border: 0; background: transparent; color: inherit; font: inherit; text-align: right; cursor: pointer; }
.vw-calcium .vw-row:hover { background: hsl(var(--primary, 214 98% 60%) / 0.15); border-radius: 4px; }
.vw-calcium .vw-row-vessel { text-align: left; }
.vw-calcium .vw-row-score { font-weight: 600; }
.vw-calcium :is(.vw-row-volume, .vw-row-peak, .vw-row-slices) { color: var(--vw-muted); font-size: 12px; white-space: nowrap; }
.vw-calcium .vw-show { border: 0; background: transparent; color: var(--vw-highlight); font-size: 12px; padding: 0 4px 0 8px; cursor: pointer; }
.vw-calcium .vw-more { width: 100%; }
@container (max-width: 370px) { .vw-calcium :is(.vw-labels button, .vw-tool-buttons .vw-button) { font-size: 11px; letter-spacing: -0.01em; } }
.vw-calcium .vw-shapes li { display: flex; flex-direction: column; gap: 4px; padding: 4px 0; }
.vw-calcium .vw-shape-buttons { display: flex; flex-wrap: wrap; gap: 4px; }
.vw-calcium .vw-rois { display: flex; flex-direction: column; gap: 6px; }
.vw-calcium .vw-roi { display: flex; align-items: center; gap: 8px; flex-wrap: wrap; }
.vw-calcium .vw-roi .vw-button { display: inline-flex; align-items: center; gap: 4px; }
.vw-calcium .vw-roi .vw-chip { margin-right: 2px; }
.vw-calcium .vw-roi .vw-show { margin-left: auto; }
.vw-calcium .vw-view { display: flex; flex-direction: column; gap: 8px; }
.vw-calcium .vw-risk { display: flex; flex-direction: column; gap: 10px; }
.vw-calcium .vw-facts .vw-percentile { flex-wrap: wrap; }
.vw-calcium .vw-facts .vw-percentile dd { flex: 1 1 200px; }
.vw-calcium .vw-labels button:hover { background: hsl(var(--primary, 214 98% 60%) / 0.2); }
`;
