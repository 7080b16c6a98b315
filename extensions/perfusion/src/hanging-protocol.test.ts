import { leadingViewport, MAP_VIEWPORTS, SOURCE_VIEWPORT, VIEWPORTS } from './hanging-protocol.ts';

test('the source leads the slices, and where it is not on screen the first map that is', () => {
  const leading = (...shown: string[]) => leadingViewport(id => shown.includes(id));
  expect(leading(...VIEWPORTS)).toBe(SOURCE_VIEWPORT);
  expect(leading(MAP_VIEWPORTS[2])).toBe(MAP_VIEWPORTS[2]);
  expect(leading(MAP_VIEWPORTS[3], MAP_VIEWPORTS[1])).toBe(MAP_VIEWPORTS[1]);
  expect(leading('default')).toBeUndefined();
});
