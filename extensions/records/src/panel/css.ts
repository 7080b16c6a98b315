/** Styles of panel and indicator. Colors follow OHIF's dark theme through its variables, with its defaults where they are missing. */
export const CSS = `
:is(.vw-records, .vw-records-status) {
  --vw-background: hsl(var(--background, 236 62% 5%));
  --vw-card: hsl(var(--popover, 219 90% 15%) / 0.55);
  --vw-line: hsl(var(--input, 236 45% 24%));
  --vw-text: hsl(var(--foreground, 0 0% 98%));
  --vw-muted: hsl(var(--muted-foreground, 200 46% 65%));
  --vw-accent: hsl(var(--primary, 214 98% 60%));
  --vw-highlight: hsl(var(--highlight, 191 74% 63%));
  --vw-warning: #fcd34d;
  --vw-danger: #f87171;
  color-scheme: dark;
  color: var(--vw-text);
  font-size: 13px;
  line-height: 1.4;
  font-variant-numeric: tabular-nums;
}
.vw-records { container-type: inline-size; display: flex; flex-direction: column; height: 100%; min-width: 0; background: var(--vw-background); }
.vw-records *, .vw-records-status * { box-sizing: border-box; }
.vw-records-scroll { flex: 1; min-height: 0; overflow: auto; padding: 12px; display: flex; flex-direction: column; gap: 12px; scrollbar-width: thin; scrollbar-color: var(--vw-line) transparent; }
.vw-records :is(h2, h3) { margin: 0; font-size: 15px; font-weight: 600; }
.vw-records h3 { font-size: 13px; margin-bottom: 4px; }
.vw-records p, .vw-records-status p { margin: 0; }
.vw-records :is(ul, ol), .vw-records-status ul { list-style: none; margin: 0; padding: 0; }
.vw-records-list { display: flex; flex-direction: column; gap: 10px; }
.vw-records-muted { color: var(--vw-muted); font-size: 12px; }
.vw-records-empty { color: var(--vw-muted); padding: 8px 0; }
.vw-records-card { background: var(--vw-card); border: 1px solid var(--vw-line); border-radius: 8px; padding: 10px 12px; display: flex; flex-direction: column; gap: 6px; }
.vw-records-head { display: flex; align-items: flex-start; justify-content: space-between; gap: 10px; }
.vw-records-headline { display: block; font-size: 18px; line-height: 1.2; }
.vw-records-quality { display: flex; flex-direction: column; align-items: flex-end; gap: 2px; color: var(--vw-muted); font-size: 12px; white-space: nowrap; }
.vw-records-quality meter { width: 72px; height: 12px; }
.vw-records-status-line { font-weight: 600; }
.vw-records-actions { border: 0; margin: 0; padding: 0; min-width: 0; display: flex; flex-wrap: wrap; align-items: center; gap: 6px; }
.vw-records-button { height: 28px; padding: 0 10px; border: 1px solid var(--vw-line); border-radius: 4px; background: transparent; color: var(--vw-text); font: inherit; font-size: 12px; cursor: pointer; white-space: nowrap; }
.vw-records-button:hover:not(:disabled) { background: hsl(var(--primary, 214 98% 60%) / 0.2); }
.vw-records-button:disabled { opacity: 0.45; cursor: default; }
.vw-records-primary { background: var(--vw-accent); border-color: transparent; color: #06101f; font-weight: 600; }
.vw-records-primary:hover:not(:disabled) { background: var(--vw-highlight); }
.vw-records-danger { border-color: var(--vw-danger); color: var(--vw-danger); }
:is(.vw-records, .vw-records-status) :is(button, select, input, textarea, summary):focus-visible { outline: 2px solid var(--vw-highlight); outline-offset: 1px; }
.vw-records-form { display: flex; flex-direction: column; gap: 8px; border-top: 1px solid var(--vw-line); padding-top: 8px; }
.vw-records-form label { display: flex; flex-direction: column; gap: 2px; font-size: 12px; color: var(--vw-muted); min-width: 0; }
.vw-records-form :is(input, select, textarea) { min-width: 0; width: 100%; background: var(--vw-background); color: var(--vw-text); border: 1px solid var(--vw-line); border-radius: 4px; padding: 4px 6px; font: inherit; font-size: 12px; }
.vw-records-form :is(input, select) { height: 28px; }
.vw-records-problem { border: 1px solid #f59e0b; border-radius: 6px; padding: 10px 12px; background: rgb(245 158 11 / 0.12); display: flex; flex-direction: column; align-items: flex-start; gap: 8px; }
.vw-records-warning { color: var(--vw-warning); font-size: 12px; border-left: 3px solid #f59e0b; padding-left: 8px; }
.vw-records-details > summary { cursor: pointer; color: var(--vw-highlight); font-size: 12px; width: max-content; }
.vw-records-details[open] > summary { margin-bottom: 6px; }
.vw-records-details[open] { display: flex; flex-direction: column; gap: 8px; }
.vw-records-reviews { display: flex; flex-direction: column; gap: 4px; font-size: 12px; }
.vw-records-reviews li { border-left: 3px solid var(--vw-line); padding-left: 8px; overflow-wrap: anywhere; }
.vw-records-table { width: 100%; border-collapse: collapse; font-size: 12px; }
.vw-records-table :is(th, td) { padding: 3px 0 3px 6px; text-align: right; font-weight: 400; }
.vw-records-table th:first-child { text-align: left; padding-left: 0; }
.vw-records-table thead th { color: var(--vw-muted); border-bottom: 1px solid var(--vw-line); }
.vw-records-table tfoot :is(th, td) { border-top: 1px solid var(--vw-line); font-weight: 600; }
.vw-records-table input { text-align: right; }
.vw-records-figure { margin: 0; }
.vw-records-bars { display: block; width: 100%; max-width: 320px; }
.vw-records-facts { margin: 8px 0 0; display: flex; flex-direction: column; gap: 2px; font-size: 12px; }
.vw-records-facts div { display: flex; justify-content: space-between; gap: 10px; }
.vw-records-facts dt { color: var(--vw-muted); flex: none; }
.vw-records-facts dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
.vw-records-entries { display: flex; flex-direction: column; gap: 8px; font-size: 12px; }
.vw-records-entries li { border-left: 3px solid var(--vw-highlight); padding-left: 8px; display: block; }
.vw-records-entries li[data-state='refused'] { border-color: var(--vw-danger); }
.vw-records-entries .vw-records-actions { margin-top: 4px; }
.vw-records-footer { position: relative; display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 2px 12px; padding: 10px 12px; border-top: 1px solid var(--vw-line); }
.vw-records-not-diagnostic { color: var(--vw-warning); font-size: 12px; }
.vw-records-status > summary { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 6px; list-style: none; cursor: pointer; font-size: 12px; border-radius: 4px; }
.vw-records-status > summary::-webkit-details-marker { display: none; }
.vw-records-status > summary > i { width: 8px; height: 8px; border-radius: 50%; background: #22c55e; flex: none; }
.vw-records-status[data-level='waiting'] > summary > i { background: var(--vw-warning); }
.vw-records-status:is([data-level='refused'], [data-level='problem']) > summary > i { background: var(--vw-danger); }
.vw-records-local { flex: 1 1 100%; color: #fcd34d; font-size: 12px; }
.vw-records-popup { position: absolute; inset: auto 0 100% 0; z-index: 1; max-height: 50vh; overflow: auto; display: flex; flex-direction: column; gap: 8px; padding: 12px; background: hsl(var(--popover, 219 90% 15%)); border-top: 1px solid var(--vw-line); }
`;
