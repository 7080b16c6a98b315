/** What the panels of the clinical extensions share. */

export { Choice } from './choice.tsx';
export { panelCss } from './css.ts';
export { Help } from './help.tsx';
export { NumberField, parseNumber } from './number-field.tsx';
export { Section } from './section.tsx';
export type { SessionPanel } from './session-panel.ts';
export { createSessionPanel } from './session-panel.ts';
export { StoreButton } from './store-button.tsx';
export { OfferedResult, StoreMessage } from './stored-messages.tsx';
