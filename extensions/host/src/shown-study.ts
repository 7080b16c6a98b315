import type { Host } from './host.ts';
import type { Subscription } from './ohif.ts';

/** The study in the active viewport, else the first one that is there; null while none is. */
export function shownStudyOf({ services }: Pick<Host, 'services'>): string | null {
  const displaySets = services.displaySetService.getActiveDisplaySets();
  const { activeViewportId, viewports } = services.viewportGridService.getState();
  const shown = (activeViewportId && viewports.get(activeViewportId)?.displaySetInstanceUIDs) || [];
  const active = displaySets.find(({ displaySetInstanceUID }) => shown.includes(displaySetInstanceUID));
  return (active ?? displaySets[0])?.StudyInstanceUID ?? null;
}

/** Tells whenever shownStudyOf may give another study. */
export function watchShownStudy({ services }: Pick<Host, 'services'>, onChange: () => void): Subscription {
  const { displaySetService, viewportGridService } = services;
  const subscriptions = [
    ...eventsOf(displaySetService, ['DISPLAY_SETS_ADDED', 'DISPLAY_SETS_CHANGED', 'DISPLAY_SETS_REMOVED']),
    ...eventsOf(viewportGridService, ['ACTIVE_VIEWPORT_ID_CHANGED', 'GRID_STATE_CHANGED', 'VIEWPORTS_READY']),
  ].map(([service, event]) => service.subscribe(event, onChange));
  return {
    unsubscribe() {
      for (const subscription of subscriptions) subscription.unsubscribe();
    },
  };
}

type Publisher = Host['services']['displaySetService' | 'viewportGridService'];

/** Events that this release of the viewer has. */
function eventsOf(service: Publisher, names: readonly string[]): [Publisher, string][] {
  return names.flatMap(name => {
    const event = service.EVENTS[name];
    return event ? [[service, event] as [Publisher, string]] : [];
  });
}
