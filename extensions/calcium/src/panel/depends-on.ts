import { type FunctionComponent, memo } from 'react';
import type { CalciumState } from '../session/state.ts';

/**
 * A part of the panel that is made again only when one of these parts of the state, or another property, has changed.
 * While the threshold is dragged, that is what leaves most of the panel alone.
 */
export function dependsOn<Props extends { readonly state: CalciumState }>(
  component: FunctionComponent<Props>,
  ...names: readonly (keyof CalciumState)[]
) {
  return memo(component, ({ state: before, ...others }, { state: after, ...othersAfter }) => {
    const isSame = names.every(name => before[name] === after[name]);
    return isSame && Object.entries(others).every(([name, value]) => value === othersAfter[name as never]);
  });
}
