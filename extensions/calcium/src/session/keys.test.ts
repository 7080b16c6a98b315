import type { Vessel } from '../core/index.ts';
import type { CalciumSession } from './calcium-session.ts';
import { bindKeys } from './keys.ts';

// The part of a browser that listening to keys needs; events and their targets are Node's own.
class Element extends EventTarget {
  isContentEditable = false;
}
class Input extends Element {
  readonly type: string;
  constructor(type: string) {
    super();
    this.type = type;
  }
}
class TextArea extends Element {}

const BROWSER = { HTMLElement: Element, HTMLInputElement: Input, HTMLTextAreaElement: TextArea };
const scope = globalThis as Record<string, unknown>;
const before = Object.fromEntries(['window', ...Object.keys(BROWSER)].map(name => [name, scope[name]]));

interface Press {
  readonly ctrlKey?: boolean;
  readonly metaKey?: boolean;
  readonly shiftKey?: boolean;
  readonly altKey?: boolean;
  readonly repeat?: boolean;
  readonly target?: EventTarget;
  readonly type?: 'keydown' | 'keypress';
}

/** Assignments and decisions taken back, by number alone; the vessel of lesion 0, which is selected. */
interface Situation {
  readonly assignments?: number;
  readonly undone?: number;
  readonly vessel?: Vessel | null;
  readonly selectedLesion?: number;
}

let calls: string[];
let reachedHost: string[];
let situation: Situation;
let unbind: () => void;

beforeEach(() => {
  Object.assign(scope, BROWSER, { window: new EventTarget() });
  calls = [];
  reachedHost = [];
  situation = {};
  const session = {
    getState: () => ({
      assignments: new Array(situation.assignments ?? 0).fill({}),
      undone: new Array(situation.undone ?? 0).fill({}),
      vessels: [situation.vessel ?? null],
      selectedLesion: situation.selectedLesion ?? 0,
    }),
    setActiveVessel: (vessel: Vessel | null) => calls.push(`activate ${vessel}`),
    clearSelected: () => calls.push('clear selected'),
    undo: () => calls.push('undo'),
    redo: () => calls.push('redo'),
  };
  unbind = bindKeys(session as unknown as CalciumSession);
  for (const type of ['keydown', 'keypress']) {
    window.addEventListener(type, event => reachedHost.push(`${type} ${(event as KeyboardEvent).key}`));
  }
});
afterEach(() => {
  unbind();
  Object.assign(scope, before);
});

/** Presses a key; true when the browser's own action was prevented. */
function press(key: string, { target = new Element(), type = 'keydown', ...modifiers }: Press = {}): boolean {
  const event = new Event(type, { cancelable: true });
  const none = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, repeat: false };
  Object.assign(event, { key, ...none, ...modifiers });
  Object.defineProperty(event, 'target', { value: target });
  return !window.dispatchEvent(event);
}

test('1 to 4 choose the vessel, and reach neither browser nor host', () => {
  for (const key of ['1', '2', '3', '4']) expect(press(key)).toBe(true);
  expect(calls).toEqual(['activate LM', 'activate LAD', 'activate LCX', 'activate RCA']);
  expect(reachedHost).toEqual([]);
});

test('other keys are left to the host', () => {
  for (const key of ['5', '9', 'a', 'Enter', 'F1', 'ArrowUp', '12']) expect(press(key)).toBe(false);
  expect(calls).toEqual([]);
  expect(reachedHost).toHaveLength(7);
});

test('digits with Ctrl, Cmd or Alt are left to the host', () => {
  for (const modifier of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }]) {
    expect(press('1', modifier)).toBe(false);
    expect(press('0', modifier)).toBe(false);
  }
  expect(calls).toEqual([]);
});

describe('0', () => {
  test('clears the selected lesion that has a vessel', () => {
    situation = { vessel: 'LAD' };
    expect(press('0')).toBe(true);
    expect(calls).toEqual(['clear selected']);
  });

  test.each([
    ['the selected lesion has no vessel', { vessel: null }],
    ['no lesion is selected', { vessel: 'LAD' as const, selectedLesion: -1 }],
  ])('makes the next clicks clear when %s', (_, now) => {
    situation = now;
    press('0');
    expect(calls).toEqual(['activate null']);
  });

  test('held down acts once', () => {
    situation = { vessel: 'LAD' };
    press('0');
    situation = { vessel: null };
    expect(press('0', { repeat: true })).toBe(true);
    expect(calls).toEqual(['clear selected']);
    expect(reachedHost).toEqual([]);
  });
});

describe('undo and redo', () => {
  test.each([
    ['Ctrl', { ctrlKey: true }],
    ['Cmd', { metaKey: true }],
  ])('are %s+Z and with Shift', (_, modifier) => {
    situation = { assignments: 1, undone: 1 };
    expect(press('z', modifier)).toBe(true);
    expect(press('Z', { ...modifier, shiftKey: true })).toBe(true);
    expect(calls).toEqual(['undo', 'redo']);
    expect(reachedHost).toEqual([]);
  });

  test('belong to the host when there is nothing of ours to take back or to do again', () => {
    situation = { assignments: 0, undone: 1 };
    expect(press('z', { ctrlKey: true })).toBe(false);
    situation = { assignments: 1, undone: 0 };
    expect(press('Z', { ctrlKey: true, shiftKey: true })).toBe(false);
    expect(calls).toEqual([]);
    expect(reachedHost).toEqual(['keydown z', 'keydown Z']);
  });

  test('need Ctrl or Cmd, without Alt', () => {
    situation = { assignments: 1, undone: 1 };
    expect(press('z')).toBe(false);
    expect(press('z', { ctrlKey: true, altKey: true })).toBe(false);
    expect(calls).toEqual([]);
  });
});

describe('while typing', () => {
  const editable = new Element();
  editable.isContentEditable = true;

  test.each([
    ['a text field', new Input('text')],
    ['a number field', new Input('number')],
    ['a search field', new Input('search')],
    ['a text area', new TextArea()],
    ['editable text', editable],
  ])('into %s no key is taken', (_, target) => {
    situation = { assignments: 1, undone: 1, vessel: 'LM' };
    for (const key of ['0', '1', '4']) {
      expect(press(key, { target })).toBe(false);
      press(key, { target, type: 'keypress' });
    }
    expect(press('z', { target, ctrlKey: true })).toBe(false);
    expect(calls).toEqual([]);
    expect(reachedHost).toHaveLength(7);
  });

  test.each(['range', 'checkbox', 'button'])('a focused %s is no text field', type => {
    press('2', { target: new Input(type) });
    expect(calls).toEqual(['activate LAD']);
  });

  test('a target that is no element, such as the document, does not matter', () => {
    press('2', { target: new EventTarget() });
    expect(calls).toEqual(['activate LAD']);
  });
});

test('the keypress of a digit that was handled does not reach the host, others do', () => {
  for (const key of ['0', '4', '5', 'a']) press(key, { type: 'keypress' });
  expect(reachedHost).toEqual(['keypress 5', 'keypress a']);
});

test('keys are given back', () => {
  unbind();
  expect(press('1')).toBe(false);
  press('1', { type: 'keypress' });
  expect(calls).toEqual([]);
  expect(reachedHost).toEqual(['keydown 1', 'keypress 1']);
});
