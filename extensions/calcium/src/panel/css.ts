/** Styles of the panel. Colors follow OHIF's dark theme through its variables, with its defaults where they are missing. */
export const CSS = `
.vw-calcium {
  --vw-background: hsl(var(--background, 236 62% 5%));
  --vw-card: hsl(var(--popover, 219 90% 15%) / 0.55);
  --vw-line: hsl(var(--input, 236 45% 24%));
  --vw-text: hsl(var(--foreground, 0 0% 98%));
  --vw-muted: hsl(var(--muted-foreground, 200 46% 65%));
  --vw-accent: hsl(var(--primary, 214 98% 60%));
  --vw-highlight: hsl(var(--highlight, 191 74% 63%));
  color-scheme: dark;
  container-type: inline-size;
  display: flex;
  flex-direction: column;
  height: 100%;
  min-width: 0;
  background: var(--vw-background);
  color: var(--vw-text);
  font-size: 13px;
  line-height: 1.4;
  font-variant-numeric: tabular-nums;
}
.vw-calcium * { box-sizing: border-box; }
.vw-calcium .vw-scroll { flex: 1; min-height: 0; overflow: auto; padding: 12px; display: flex; flex-direction: column; gap: 14px; scrollbar-width: thin; scrollbar-color: var(--vw-line) transparent; }
.vw-calcium h2 { margin: 0; font-size: 15px; font-weight: 600; }
.vw-calcium p { margin: 0; }
.vw-calcium ul { list-style: none; margin: 0; padding: 0; }
.vw-calcium .vw-muted { color: var(--vw-muted); font-size: 12px; }
.vw-calcium .vw-label { color: var(--vw-muted); font-size: 12px; }
.vw-calcium .vw-empty { color: var(--vw-muted); padding: 8px 0; }
.vw-calcium .vw-series { display: flex; align-items: center; gap: 8px; margin-top: 4px; color: var(--vw-muted); font-size: 12px; }
.vw-calcium .vw-series select { flex: 1; }
.vw-calcium progress { width: 100%; height: 6px; accent-color: var(--vw-accent); }
.vw-calcium .vw-refused { margin-top: 10px; border: 1px solid #f59e0b; border-radius: 6px; padding: 10px 12px; background: rgb(245 158 11 / 0.12); }
.vw-calcium .vw-card { background: var(--vw-card); border: 1px solid var(--vw-line); border-radius: 8px; padding: 12px; display: flex; flex-direction: column; gap: 10px; }
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
.vw-calcium .vw-flags { display: flex; flex-wrap: wrap; gap: 6px; }
.vw-calcium .vw-flag { --flag: #f59e0b; border: 1px solid color-mix(in srgb, var(--flag) 60%, transparent); border-left: 4px solid var(--flag); border-radius: 4px; padding: 1px 8px; background: color-mix(in srgb, var(--flag) 14%, transparent); font-size: 12px; }
.vw-calcium .vw-hint { color: var(--vw-muted); display: flex; flex-direction: column; gap: 6px; }
.vw-calcium .vw-hint label { display: flex; gap: 8px; align-items: center; color: var(--vw-text); cursor: pointer; }
.vw-calcium input[type='checkbox'] { accent-color: var(--vw-accent); width: 16px; height: 16px; }
.vw-calcium .vw-table { width: 100%; border-collapse: collapse; }
.vw-calcium .vw-table th, .vw-calcium .vw-table td { padding: 4px 0; text-align: right; font-weight: 400; }
.vw-calcium .vw-table th:first-child { text-align: left; }
.vw-calcium .vw-table thead th { color: var(--vw-muted); font-size: 12px; border-bottom: 1px solid var(--vw-line); }
.vw-calcium .vw-table tfoot th, .vw-calcium .vw-table tfoot td { border-top: 1px solid var(--vw-line); font-weight: 600; }
.vw-calcium .vw-zero td, .vw-calcium .vw-zero th { color: var(--vw-muted); }
.vw-calcium .vw-chip { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 8px; flex: none; }
.vw-calcium .vw-title { display: flex; align-items: center; justify-content: space-between; gap: 8px; }
.vw-calcium .vw-work { display: flex; flex-direction: column; gap: 10px; }
.vw-calcium .vw-labels { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: 4px; }
.vw-calcium .vw-labels button { --vessel: var(--vw-muted); height: 42px; padding: 0; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 2px; border: 1px solid var(--vw-line); border-bottom: 3px solid var(--vessel); border-radius: 6px; background: transparent; color: var(--vw-text); font-size: 12px; line-height: 1; cursor: pointer; }
.vw-calcium .vw-labels button[aria-checked='true'] { background: color-mix(in srgb, var(--vessel) 32%, transparent); border-color: var(--vessel); font-weight: 600; }
.vw-calcium .vw-tools { display: flex; flex-direction: column; gap: 6px; }
.vw-calcium .vw-tool-row { display: flex; gap: 8px; }
.vw-calcium .vw-tool-buttons { flex: 1; display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 4px; }
.vw-calcium .vw-tool-buttons .vw-button { height: 36px; padding: 0; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 2px; line-height: 1; }
.vw-calcium .vw-windows { border: 0; margin: 0; padding: 0; min-width: 0; display: flex; flex-wrap: wrap; gap: 4px; }
.vw-calcium .vw-button[aria-pressed='true'] { background: hsl(var(--primary, 214 98% 60%) / 0.35); border-color: var(--vw-accent); }
.vw-calcium .vw-options { display: flex; flex-wrap: wrap; gap: 4px 14px; font-size: 12px; color: var(--vw-muted); }
.vw-calcium .vw-options label { display: flex; align-items: center; gap: 6px; }
.vw-calcium .vw-options input[type='range'] { width: 110px; accent-color: var(--vw-accent); }
.vw-calcium kbd { font: inherit; font-size: 10px; font-weight: 400; color: var(--vw-muted); }
.vw-calcium .vw-history { display: flex; gap: 4px; }
.vw-calcium .vw-history .vw-button { height: 36px; width: 30px; padding: 0; font-size: 15px; line-height: 1; }
.vw-calcium select, .vw-calcium .vw-form input { height: 28px; min-width: 0; background: var(--vw-background); color: var(--vw-text); border: 1px solid var(--vw-line); border-radius: 4px; padding: 0 6px; font: inherit; font-size: 12px; }
.vw-calcium .vw-button { height: 28px; padding: 0 10px; border: 1px solid var(--vw-line); border-radius: 4px; background: transparent; color: var(--vw-text); font-size: 12px; cursor: pointer; white-space: nowrap; }
.vw-calcium .vw-button:hover:not(:disabled), .vw-calcium .vw-labels button:hover { background: hsl(var(--primary, 214 98% 60%) / 0.2); }
.vw-calcium .vw-button:disabled { opacity: 0.45; cursor: default; }
.vw-calcium :is(button, select, input):focus-visible { outline: 2px solid var(--vw-highlight); outline-offset: 1px; }
.vw-calcium .vw-primary { background: var(--vw-accent); border-color: transparent; color: #06101f; font-weight: 600; height: 32px; }
.vw-calcium .vw-primary:hover:not(:disabled) { background: var(--vw-highlight); }
.vw-calcium .vw-threshold label { display: flex; justify-content: space-between; }
.vw-calcium .vw-slider { display: flex; align-items: center; gap: 8px; }
.vw-calcium .vw-slider input { flex: 1; min-width: 0; accent-color: var(--vw-accent); height: 28px; }
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
.vw-calcium .vw-warnings li { border-left: 3px solid #f59e0b; padding: 2px 0 2px 8px; color: #fcd34d; font-size: 12px; }
.vw-calcium .vw-warnings { display: flex; flex-direction: column; gap: 6px; }
.vw-calcium .vw-notice { color: var(--vw-muted); font-size: 12px; border-left: 3px solid var(--vw-highlight); padding-left: 8px; }
.vw-calcium .vw-stored { display: flex; flex-direction: column; align-items: flex-start; gap: 6px; }
.vw-calcium .vw-stored-problem { color: #fcd34d; }
.vw-calcium .vw-storing { flex: 1; display: flex; align-items: center; gap: 8px; }
.vw-calcium .vw-convention { display: flex; flex-direction: column; gap: 4px; font-size: 12px; }
.vw-calcium .vw-convention li { padding-left: 10px; text-indent: -10px; }
@container (max-width: 370px) { .vw-calcium :is(.vw-labels button, .vw-tool-buttons .vw-button) { font-size: 11px; letter-spacing: -0.01em; } }
.vw-calcium .vw-computing { position: absolute; inset: auto 0 100% 0; display: flex; align-items: center; gap: 8px; padding: 8px 12px; background: var(--vw-background); border-top: 1px solid var(--vw-line); white-space: nowrap; animation: vw-appear 0s 200ms both; }
@keyframes vw-appear { from { visibility: hidden; } to { visibility: visible; } }
.vw-calcium .vw-footer { position: relative; display: flex; flex-wrap: wrap; align-items: center; justify-content: flex-end; gap: 8px; padding: 10px 12px; border-top: 1px solid var(--vw-line); }
.vw-calcium .vw-footer-line { flex: 1 1 100%; display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 2px 12px; }
.vw-calcium .vw-footer > .vw-button { flex: 1 1 0; height: 32px; }
.vw-calcium .vw-confirmed { font-size: 12px; color: #fcd34d; }
.vw-calcium .vw-confirmed[data-status='confirmed'] { color: #4ade80; }
.vw-calcium .vw-not-diagnostic { color: #fcd34d; font-size: 12px; }
.vw-calcium .vw-section { border-top: 1px solid var(--vw-line); padding-top: 8px; }
.vw-calcium .vw-section > summary { display: flex; align-items: baseline; gap: 10px; cursor: pointer; list-style: none; }
.vw-calcium .vw-section > summary::-webkit-details-marker { display: none; }
.vw-calcium .vw-section > summary::before { content: '▸'; color: var(--vw-muted); width: 8px; }
.vw-calcium .vw-section[open] > summary::before { content: '▾'; }
.vw-calcium .vw-section-title { font-weight: 600; white-space: nowrap; }
.vw-calcium .vw-section-summary { margin-left: auto; color: var(--vw-muted); font-size: 12px; text-align: right; }
.vw-calcium .vw-section-body { padding: 8px 0 2px; }
.vw-calcium .vw-shapes li { display: flex; flex-direction: column; gap: 4px; padding: 4px 0; }
.vw-calcium .vw-shape-buttons { display: flex; flex-wrap: wrap; gap: 4px; }
.vw-calcium :is(.vw-switches, .vw-form) { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 8px; }
.vw-calcium :is(.vw-switches, .vw-form) label { display: flex; flex-direction: column; gap: 2px; font-size: 12px; color: var(--vw-muted); min-width: 0; justify-content: flex-end; }
.vw-calcium .vw-rois { display: flex; flex-direction: column; gap: 6px; }
.vw-calcium .vw-roi { display: flex; align-items: center; gap: 8px; flex-wrap: wrap; }
.vw-calcium .vw-roi .vw-button { display: inline-flex; align-items: center; gap: 4px; }
.vw-calcium .vw-roi .vw-chip { margin-right: 2px; }
.vw-calcium .vw-roi .vw-show { margin-left: auto; }
.vw-calcium .vw-wide { grid-column: 1 / -1; }
.vw-calcium .vw-form-buttons { display: flex; gap: 6px; }
.vw-calcium .vw-view { display: flex; flex-direction: column; gap: 8px; }
.vw-calcium .vw-risk { display: flex; flex-direction: column; gap: 10px; }
.vw-calcium .vw-facts { margin: 0; display: flex; flex-direction: column; gap: 4px; }
.vw-calcium .vw-facts div { display: flex; gap: 10px; justify-content: space-between; }
.vw-calcium .vw-facts dt { color: var(--vw-muted); }
.vw-calcium .vw-facts dd { margin: 0; text-align: right; font-weight: 600; }
.vw-calcium .vw-facts .vw-percentile { flex-wrap: wrap; }
.vw-calcium .vw-facts .vw-percentile dd { flex: 1 1 200px; }
.vw-calcium .vw-facts small { display: block; margin-top: 2px; font-weight: 400; font-size: 11px; color: var(--vw-muted); text-align: left; }
.vw-calcium .vw-help-button { width: 28px; padding: 0; border-radius: 50%; }
.vw-calcium .vw-help { max-width: min(460px, 92vw); background: hsl(var(--popover, 219 90% 15%)); color: var(--vw-text); border: 1px solid var(--vw-line); border-radius: 8px; padding: 16px; margin: auto; }
.vw-calcium .vw-help::backdrop { background: rgb(0 0 0 / 0.5); }
.vw-calcium .vw-help dl { display: grid; gap: 4px; margin: 12px 0; }
.vw-calcium .vw-help dl div { display: grid; grid-template-columns: 160px 1fr; gap: 8px; }
.vw-calcium .vw-help dd { margin: 0; }
.vw-calcium .vw-help kbd { font-size: 12px; color: var(--vw-highlight); }
.vw-calcium .vw-help form { margin-top: 12px; text-align: right; }
`;
