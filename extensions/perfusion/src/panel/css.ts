import { panelCss } from '@voxelwise/host/panel';
import { CHART_CSS } from './chart-css.ts';

/** Styles of the panel: those of all panels, and its own. */
export const CSS = `${panelCss('.vw-perfusion')}
.vw-perfusion small { font-size: 11px; font-weight: 400; color: var(--vw-muted); }
.vw-perfusion .vw-loading { display: flex; flex-direction: column; gap: 6px; }
.vw-perfusion .vw-notes { display: flex; flex-direction: column; gap: 6px; margin-top: 6px; }
.vw-perfusion .vw-timeline { display: flex; flex-direction: column; gap: 2px; position: sticky; top: -12px; z-index: 2; background: var(--vw-background); padding: 4px 0; }
.vw-perfusion .vw-timeline-label { display: flex; justify-content: space-between; align-items: baseline; }
.vw-perfusion .vw-play { width: 32px; padding: 0; }
.vw-perfusion .vw-volumes { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; }
.vw-perfusion .vw-volume { display: flex; flex-direction: column; border-left: 4px solid; padding-left: 10px; min-width: 0; }
.vw-perfusion .vw-volume strong { font-size: 24px; line-height: 1.15; font-weight: 600; }
.vw-perfusion .vw-rules li { color: var(--vw-muted); font-size: 11px; }
.vw-perfusion .vw-rule-details summary { cursor: pointer; color: var(--vw-highlight); font-size: 12px; }
.vw-perfusion .vw-rule-details .vw-form { margin: 8px 0; }
.vw-perfusion .vw-check { display: flex; gap: 8px; align-items: center; cursor: pointer; font-size: 12px; }
.vw-perfusion .vw-card .vw-facts dt { display: flex; flex-direction: column; color: var(--vw-text); }
.vw-perfusion .vw-card .vw-facts dt small { margin: 0; }
.vw-perfusion .vw-card .vw-facts dd { white-space: nowrap; }
.vw-perfusion .vw-tools { display: flex; flex-direction: column; gap: 6px; }
.vw-perfusion .vw-tool-row { display: flex; gap: 8px; }
.vw-perfusion .vw-tool-buttons { flex: 1; display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 4px; }
.vw-perfusion .vw-tool-buttons .vw-button { height: 36px; padding: 0; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 2px; line-height: 1; }
.vw-perfusion .vw-hint { color: #fcd34d; font-size: 12px; }
.vw-perfusion .vw-curves { display: flex; flex-direction: column; gap: 6px; }
.vw-perfusion .vw-legend { display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: 12px; color: var(--vw-muted); min-height: 17px; }
.vw-perfusion .vw-legend li { display: flex; align-items: center; gap: 6px; }
.vw-perfusion .vw-line { width: 16px; height: 0; border-top: 2px solid; }
.vw-perfusion .vw-vessels { display: flex; flex-direction: column; gap: 8px; }
.vw-perfusion .vw-vessel { display: flex; align-items: center; gap: 6px; }
.vw-perfusion .vw-vessel .vw-chip { margin: 0 2px 0 0; }
.vw-perfusion .vw-vessel-name { flex: 1; min-width: 0; display: flex; flex-direction: column; line-height: 1.25; }
.vw-perfusion .vw-vessel .vw-button { padding: 0 8px; }
.vw-perfusion .vw-choice { border: 0; margin: 0; padding: 0; display: flex; flex-direction: column; gap: 2px; font-size: 12px; }
.vw-perfusion .vw-choice legend { padding: 0; color: var(--vw-muted); }
.vw-perfusion .vw-choice label { display: flex; align-items: center; gap: 8px; cursor: pointer; }
.vw-perfusion input[type='radio'] { accent-color: var(--vw-accent); }
.vw-perfusion .vw-regions { display: flex; flex-direction: column; gap: 12px; }
.vw-perfusion .vw-region-head { display: flex; align-items: baseline; gap: 8px; }
.vw-perfusion .vw-region-head .vw-button { margin-left: auto; padding: 0 8px; height: 22px; }
.vw-perfusion .vw-region .vw-table { font-size: 12px; }
.vw-perfusion .vw-region .vw-table th, .vw-perfusion .vw-region .vw-table td { padding: 2px 0; }
.vw-perfusion .vw-show { border: 0; background: transparent; color: var(--vw-highlight); padding: 0; cursor: pointer; font: inherit; }
.vw-perfusion [aria-current='true'] .vw-show { font-weight: 600; }
.vw-perfusion .vw-display { display: flex; flex-direction: column; gap: 8px; }
.vw-perfusion .vw-range { display: grid; grid-template-columns: 1fr 58px 58px 50px 44px; gap: 6px; align-items: end; font-size: 12px; }
.vw-perfusion .vw-range label { display: flex; flex-direction: column; gap: 1px; color: var(--vw-muted); }
.vw-perfusion .vw-range label span { font-size: 11px; white-space: nowrap; }
.vw-perfusion .vw-range input { height: 26px; width: 100%; background: var(--vw-background); color: var(--vw-text); border: 1px solid var(--vw-line); border-radius: 4px; padding: 0 6px; font: inherit; }
.vw-perfusion .vw-range .vw-button { height: 26px; padding: 0; }
.vw-perfusion .vw-range-name { display: flex; flex-direction: column; line-height: 1.25; }
.vw-perfusion input[aria-invalid='true'] { border-color: #f59e0b; }
.vw-perfusion .vw-method { display: flex; flex-direction: column; gap: 12px; }
${CHART_CSS}
.vw-perfusion-time-bar { position: absolute; left: 40px; right: 24px; bottom: 8px; z-index: 5; display: flex; align-items: center; gap: 6px; color-scheme: dark; opacity: 0.85; }
.vw-perfusion-time-bar:is(:hover, :focus-within) { opacity: 1; }
.vw-perfusion-time-bar button { width: 28px; height: 24px; padding: 0; border: 1px solid rgb(148 163 184 / 0.4); border-radius: 4px; background: rgb(0 0 0 / 0.5); color: #f1f5f9; font-size: 10px; line-height: 1; cursor: pointer; }
.vw-perfusion-time-bar input { flex: 1; min-width: 0; height: 24px; margin: 0; accent-color: hsl(var(--primary, 214 98% 60%)); cursor: pointer; }
`;
