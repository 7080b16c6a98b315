/**
 * React island: the host's React renders one empty <div>, and our own React root lives in it. A prebuilt OHIF does not
 * expose its React, and its version changes under us (18 now, 19 next); this way ours never meets it.
 */

/** What an island's content can do once it is in the page. */
export interface MountedIsland {
  unmount(): void;
}

/** Puts content into an element that the island owns. */
export type MountIsland = (element: HTMLElement) => MountedIsland;

const REACT_18_ELEMENT = Symbol.for('react.element');

/** The mark that the host's React puts on its elements. Learned from an element that the host made. */
let elementMark: symbol = REACT_18_ELEMENT;

/** Learns the mark from any element that the host's React created. */
export function learnHostElement(sample: { readonly $$typeof?: symbol } | null | undefined): void {
  if (sample?.$$typeof) elementMark = sample.$$typeof;
}

type ElementRef = (element: HTMLElement | null) => void;

/** An element as the host's React would have made it. React 19 moved `ref` into the props. */
function hostElement(type: string, props: object, ref: ElementRef): object {
  const isReact18 = elementMark === REACT_18_ELEMENT;
  return {
    $$typeof: elementMark,
    type,
    key: null,
    ref: isReact18 ? ref : null,
    props: isReact18 ? props : { ...props, ref },
    _owner: null,
    _store: {},
  };
}

/** The fields React sets on a class component, and ours. */
interface IslandInstance {
  container: HTMLElement | null;
  content: HTMLElement | null;
  mounted: MountedIsland | null;
}

/**
 * A component for the host's React that shows what `mount` puts into it. It is a class written by hand because a
 * function component could not know when it is mounted without the host's hooks.
 */
export function island(mount: MountIsland, className = 'h-full w-full overflow-auto'): unknown {
  function Island(this: IslandInstance & Record<string, unknown>, props: object, context: unknown, updater: unknown) {
    Object.assign(this, {
      props,
      context,
      updater,
      state: null,
      refs: {},
      container: null,
      content: null,
      mounted: null,
    });
  }

  Object.assign(Island.prototype, {
    isReactComponent: {},
    componentDidMount(this: IslandInstance) {
      const content = document.createElement('div');
      content.style.height = '100%';
      this.container?.appendChild(content);
      this.content = content;
      this.mounted = mount(content);
    },
    componentWillUnmount(this: IslandInstance) {
      const { mounted, content } = this;
      this.mounted = null;
      this.content = null;
      // Not while the host's React is still committing: our root may not unmount inside another root's commit.
      setTimeout(() => {
        mounted?.unmount();
        content?.remove();
      });
    },
    render(this: IslandInstance) {
      return hostElement('div', { className }, element => {
        this.container = element;
      });
    },
  });
  return Island;
}
