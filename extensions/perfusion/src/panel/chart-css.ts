/** What uPlot needs of its own stylesheet, and the mark of the current time. uPlot 1.6 (MIT). */
export const CHART_CSS = `
.vw-perfusion .vw-chart { min-width: 0; overflow: hidden; }
.vw-perfusion .uplot, .vw-perfusion .uplot * { box-sizing: border-box; }
.vw-perfusion .uplot { width: min-content; line-height: 1.5; }
.vw-perfusion .u-wrap { position: relative; user-select: none; }
.vw-perfusion :is(.u-over, .u-under, .u-axis) { position: absolute; }
.vw-perfusion .u-under { overflow: hidden; }
.vw-perfusion .uplot canvas { display: block; position: relative; width: 100%; height: 100%; }
.vw-perfusion .u-select { display: none; }
.vw-perfusion :is(.u-cursor-x, .u-cursor-y, .u-cursor-pt) { position: absolute; left: 0; top: 0; pointer-events: none; }
.vw-perfusion .u-cursor-x { height: 100%; border-right: 1px dashed var(--vw-muted); }
.vw-perfusion .u-cursor-y { width: 100%; border-bottom: 1px dashed var(--vw-line); }
.vw-perfusion .u-cursor-pt { border-radius: 50%; border: 0 solid; background-clip: padding-box; }
.vw-perfusion :is(.u-axis.u-off, .u-cursor-x.u-off, .u-cursor-y.u-off, .u-cursor-pt.u-off) { display: none; }
.vw-perfusion .vw-chart-time { position: absolute; left: -1px; top: 0; width: 2px; height: 100%; background: var(--vw-highlight); opacity: 0.8; pointer-events: none; will-change: transform; }
`;
