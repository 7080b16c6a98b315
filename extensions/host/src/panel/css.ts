/**
 * Styles that all panels share. Colors follow OHIF's dark theme through its variables, with its defaults where they are missing.
 * @param root selector of the panel's own element
 */
export const panelCss = (root: string) => `
${root} {
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
${root} * { box-sizing: border-box; }
${root} .vw-scroll { flex: 1; min-height: 0; overflow: auto; padding: 12px; display: flex; flex-direction: column; gap: 14px; scrollbar-width: thin; scrollbar-color: var(--vw-line) transparent; }
${root} h2 { margin: 0; font-size: 15px; font-weight: 600; }
${root} p { margin: 0; }
${root} ul { list-style: none; margin: 0; padding: 0; }
${root} .vw-muted { color: var(--vw-muted); font-size: 12px; }
${root} .vw-label { color: var(--vw-muted); font-size: 12px; }
${root} .vw-empty { color: var(--vw-muted); padding: 8px 0; }
${root} .vw-series { display: flex; align-items: center; gap: 8px; margin-top: 4px; color: var(--vw-muted); font-size: 12px; }
${root} .vw-series select { flex: 1; }
${root} progress { width: 100%; height: 6px; accent-color: var(--vw-accent); }
${root} .vw-refused { margin-top: 10px; border: 1px solid #f59e0b; border-radius: 6px; padding: 10px 12px; background: rgb(245 158 11 / 0.12); }
${root} .vw-card { background: var(--vw-card); border: 1px solid var(--vw-line); border-radius: 8px; padding: 12px; display: flex; flex-direction: column; gap: 10px; }
${root} .vw-flags { display: flex; flex-wrap: wrap; gap: 6px; }
${root} .vw-flag { --flag: #f59e0b; border: 1px solid color-mix(in srgb, var(--flag) 60%, transparent); border-left: 4px solid var(--flag); border-radius: 4px; padding: 1px 8px; background: color-mix(in srgb, var(--flag) 14%, transparent); font-size: 12px; }
${root} input[type='checkbox'] { accent-color: var(--vw-accent); width: 16px; height: 16px; }
${root} .vw-table { width: 100%; border-collapse: collapse; }
${root} .vw-table th, ${root} .vw-table td { padding: 4px 0; text-align: right; font-weight: 400; }
${root} .vw-table th:first-child { text-align: left; }
${root} .vw-table thead th { color: var(--vw-muted); font-size: 12px; border-bottom: 1px solid var(--vw-line); }
${root} .vw-table tfoot th, ${root} .vw-table tfoot td { border-top: 1px solid var(--vw-line); font-weight: 600; }
${root} .vw-chip { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 8px; flex: none; }
${root} .vw-title { display: flex; align-items: center; justify-content: space-between; gap: 8px; }
${root} .vw-button[aria-pressed='true'] { background: hsl(var(--primary, 214 98% 60%) / 0.35); border-color: var(--vw-accent); }
${root} .vw-options { display: flex; flex-wrap: wrap; gap: 4px 14px; font-size: 12px; color: var(--vw-muted); }
${root} .vw-options label { display: flex; align-items: center; gap: 6px; }
${root} .vw-options input[type='range'] { width: 110px; accent-color: var(--vw-accent); }
${root} kbd { font: inherit; font-size: 10px; font-weight: 400; color: var(--vw-muted); }
${root} .vw-history { display: flex; gap: 4px; }
${root} .vw-history .vw-button { height: 36px; width: 30px; padding: 0; font-size: 15px; line-height: 1; }
${root} select, ${root} .vw-form input { height: 28px; min-width: 0; background: var(--vw-background); color: var(--vw-text); border: 1px solid var(--vw-line); border-radius: 4px; padding: 0 6px; font: inherit; font-size: 12px; }
${root} .vw-button { height: 28px; padding: 0 10px; border: 1px solid var(--vw-line); border-radius: 4px; background: transparent; color: var(--vw-text); font-size: 12px; cursor: pointer; white-space: nowrap; }
${root} .vw-button:hover:not(:disabled) { background: hsl(var(--primary, 214 98% 60%) / 0.2); }
${root} .vw-button:disabled { opacity: 0.45; cursor: default; }
${root} :is(button, select, input):focus-visible { outline: 2px solid var(--vw-highlight); outline-offset: 1px; }
${root} .vw-primary { background: var(--vw-accent); border-color: transparent; color: #06101f; font-weight: 600; height: 32px; }
${root} .vw-primary:hover:not(:disabled) { background: var(--vw-highlight); }
${root} .vw-slider { display: flex; align-items: center; gap: 8px; }
${root} .vw-slider input { flex: 1; min-width: 0; accent-color: var(--vw-accent); height: 28px; }
${root} .vw-warnings li { border-left: 3px solid #f59e0b; padding: 2px 0 2px 8px; color: #fcd34d; font-size: 12px; }
${root} .vw-warnings { display: flex; flex-direction: column; gap: 6px; }
${root} .vw-notice { color: var(--vw-muted); font-size: 12px; border-left: 3px solid var(--vw-highlight); padding-left: 8px; }
${root} .vw-stored { display: flex; flex-direction: column; align-items: flex-start; gap: 6px; }
${root} .vw-stored-problem { color: #fcd34d; }
${root} .vw-storing { flex: 1; display: flex; align-items: center; gap: 8px; }
${root} .vw-convention { display: flex; flex-direction: column; gap: 4px; font-size: 12px; }
${root} .vw-convention li { padding-left: 10px; text-indent: -10px; }
${root} .vw-computing { position: absolute; inset: auto 0 100% 0; display: flex; align-items: center; gap: 8px; padding: 8px 12px; background: var(--vw-background); border-top: 1px solid var(--vw-line); white-space: nowrap; animation: vw-appear 0s 200ms both; }
@keyframes vw-appear { from { visibility: hidden; } to { visibility: visible; } }
${root} .vw-footer { position: relative; display: flex; flex-wrap: wrap; align-items: center; justify-content: flex-end; gap: 8px; padding: 10px 12px; border-top: 1px solid var(--vw-line); }
${root} .vw-footer-line { flex: 1 1 100%; display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 2px 12px; }
${root} .vw-footer > .vw-button { flex: 1 1 0; height: 32px; }
${root} .vw-confirmed { font-size: 12px; color: #fcd34d; }
${root} .vw-confirmed[data-status='confirmed'] { color: #4ade80; }
${root} .vw-not-diagnostic { color: #fcd34d; font-size: 12px; }
${root} .vw-section { border-top: 1px solid var(--vw-line); padding-top: 8px; }
${root} .vw-section > summary { display: flex; align-items: baseline; gap: 10px; cursor: pointer; list-style: none; }
${root} .vw-section > summary::-webkit-details-marker { display: none; }
${root} .vw-section > summary::before { content: '▸'; color: var(--vw-muted); width: 8px; }
${root} .vw-section[open] > summary::before { content: '▾'; }
${root} .vw-section-title { font-weight: 600; white-space: nowrap; }
${root} .vw-section-summary { margin-left: auto; color: var(--vw-muted); font-size: 12px; text-align: right; }
${root} .vw-section-body { padding: 8px 0 2px; }
${root} :is(.vw-switches, .vw-form) { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 8px; }
${root} :is(.vw-switches, .vw-form) label { display: flex; flex-direction: column; gap: 2px; font-size: 12px; color: var(--vw-muted); min-width: 0; justify-content: flex-end; }
${root} .vw-wide { grid-column: 1 / -1; }
${root} .vw-form-buttons { display: flex; gap: 6px; }
${root} .vw-facts { margin: 0; display: flex; flex-direction: column; gap: 4px; }
${root} .vw-facts div { display: flex; gap: 10px; justify-content: space-between; }
${root} .vw-facts dt { color: var(--vw-muted); }
${root} .vw-facts dd { margin: 0; text-align: right; font-weight: 600; }
${root} .vw-facts small { display: block; margin-top: 2px; font-weight: 400; font-size: 11px; color: var(--vw-muted); text-align: left; }
${root} .vw-help-button { width: 28px; padding: 0; border-radius: 50%; }
${root} .vw-help { max-width: min(460px, 92vw); background: hsl(var(--popover, 219 90% 15%)); color: var(--vw-text); border: 1px solid var(--vw-line); border-radius: 8px; padding: 16px; margin: auto; }
${root} .vw-help::backdrop { background: rgb(0 0 0 / 0.5); }
${root} .vw-help dl { display: grid; gap: 4px; margin: 12px 0; }
${root} .vw-help dl div { display: grid; grid-template-columns: 160px 1fr; gap: 8px; }
${root} .vw-help dd { margin: 0; }
${root} .vw-help kbd { font-size: 12px; color: var(--vw-highlight); }
${root} .vw-help form { margin-top: 12px; text-align: right; }
`;
