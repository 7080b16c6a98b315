import type { Label } from '../core/index.ts';
import type { CalciumSession } from './calcium-session.ts';
import { bindKeys } from './keys.ts';
import type { Brush, Tool } from './state.ts';

// The part of a browser that listening to keys needs; events and their targets are Node's own.
class Element extends EventTarget {
  isContentEditable = false;
  dialog: Element | null = null;
  closest(): Element | null {
    return this.dialog;
  }
}
class Input extends Element {
  readonly type: string;
  constructor(type: string) {
    super();
    this.type = type;
  }
}
class TextArea extends Element {}
class Select extends Element {}

const BROWSER = {
  HTMLElement: Element,
  HTMLInputElement: Input,
  HTMLTextAreaElement: TextArea,
  HTMLSelectElement: Select,
};
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

/** Decisions to undo and to redo, by number alone; the label of part 0, which is selected; the tool. */
interface Situation {
  readonly past?: number;
  readonly future?: number;
  readonly label?: Label | null;
  readonly selectedPart?: number;
  readonly tool?: Tool;
  readonly radiusMm?: number;
}

let calls: string[];
let reachedHost: string[];
let situation: Situation;
let unbind: () => void;
/** Scores are logged. */
let isLogged: boolean;

beforeEach(() => {
  Object.assign(scope, BROWSER, { window: new EventTarget() });
  calls = [];
  reachedHost = [];
  situation = {};
  isLogged = true;
  const session = {
    getState: () => ({
      history: {
        past: new Array(situation.past ?? 0).fill({}),
        future: new Array(situation.future ?? 0).fill({}),
      },
      labeled: { parts: { label: [situation.label ?? null] } },
      selectedPart: situation.selectedPart ?? 0,
      tool: situation.tool ?? 'assign',
      brush: { radiusMm: situation.radiusMm ?? 2, reachSlices: 0 },
    }),
    setActiveLabel: (label: Label | null) => calls.push(`activate ${label}`),
    chooseTool: (tool: Tool) => calls.push(`tool ${tool}`),
    setBrush: ({ radiusMm }: Brush) => calls.push(`brush ${radiusMm} mm`),
    cancel: () => calls.push('cancel'),
    clearSelected: () => calls.push('clear selected'),
    undo: () => calls.push('undo'),
    redo: () => calls.push('redo'),
  };
  unbind = bindKeys(session as unknown as CalciumSession, () => (isLogged ? () => calls.push('confirm') : null));
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
  for (const key of ['6', '9', 'a', 'Enter', 'F1', 'ArrowUp', '12']) expect(press(key)).toBe(false);
  expect(calls).toEqual([]);
  expect(reachedHost).toHaveLength(7);
});

test('digits and letters with Ctrl, Cmd or Alt are left to the host', () => {
  for (const modifier of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }]) {
    expect(press('1', modifier)).toBe(false);
    for (const key of ['0', 's', 'h', '[']) expect(press(key, modifier)).toBe(false);
  }
  expect(calls).toEqual([]);
});

test('E excludes, letters choose tools in either case, and none of them reaches browser or host', () => {
  for (const key of ['e', 's', 'B', 'h', 'F']) expect(press(key)).toBe(true);
  expect(calls).toEqual(['activate excluded', 'tool split', 'tool brush', 'tool heart-ellipse', 'tool heart-freehand']);
  expect(press('s', { repeat: true })).toBe(true); // held: it must not go back to clicking
  expect(calls).toHaveLength(5);
  expect(reachedHost).toEqual([]);
});

test('Ctrl or Cmd with Enter confirms once, where scores are logged; a held key and other modifiers do not', () => {
  expect(press('Enter', { ctrlKey: true })).toBe(true);
  expect(press('Enter', { metaKey: true })).toBe(true);
  expect(press('Enter', { ctrlKey: true, repeat: true })).toBe(true);
  expect(calls).toEqual(['confirm', 'confirm']);
  for (const modifier of [{ ctrlKey: true, altKey: true }, { ctrlKey: true, shiftKey: true }, {}]) {
    expect(press('Enter', modifier)).toBe(false);
  }
  isLogged = false;
  expect(press('Enter', { ctrlKey: true })).toBe(false);
  expect(calls).toHaveLength(2);
});

test('brackets change the brush within its sizes', () => {
  press('[');
  press(']');
  situation = { radiusMm: 0.5 };
  press('[');
  situation = { radiusMm: 10 };
  press(']');
  expect(calls).toEqual(['brush 1.5 mm', 'brush 2.5 mm', 'brush 0.5 mm', 'brush 10 mm']);
});

test('Escape gives a tool up; without one it is the host’s', () => {
  expect(press('Escape')).toBe(false);
  situation = { tool: 'brush' };
  expect(press('Escape')).toBe(true);
  expect(calls).toEqual(['cancel']);
  expect(reachedHost).toEqual(['keydown Escape']);
});

describe.each(['0', '5'])('%s', key => {
  test.each(['LAD', 'excluded'] as const)('clears the selected lesion that is %s', label => {
    situation = { label };
    expect(press(key)).toBe(true);
    expect(calls).toEqual(['clear selected']);
  });

  test.each([
    ['the selected lesion has no label', { label: null }],
    ['no lesion is selected', { label: 'LAD' as const, selectedPart: -1 }],
  ])('makes the next clicks clear when %s', (_, now) => {
    situation = now;
    press(key);
    expect(calls).toEqual(['activate null']);
  });

  test('held down acts once', () => {
    situation = { label: 'LAD' };
    press(key);
    situation = { label: null };
    expect(press(key, { repeat: true })).toBe(true);
    expect(calls).toEqual(['clear selected']);
    expect(reachedHost).toEqual([]);
  });
});

describe('undo and redo', () => {
  test.each([
    ['Ctrl', { ctrlKey: true }],
    ['Cmd', { metaKey: true }],
  ])('are %s+Z, and with Shift or %s+Y', (_, modifier) => {
    situation = { past: 1, future: 1 };
    expect(press('z', modifier)).toBe(true);
    expect(press('Z', { ...modifier, shiftKey: true })).toBe(true);
    expect(press('y', modifier)).toBe(true);
    expect(calls).toEqual(['undo', 'redo', 'redo']);
    expect(reachedHost).toEqual([]);
  });

  test('belong to the host when there is nothing of ours to take back or to do again', () => {
    situation = { past: 0, future: 1 };
    expect(press('z', { ctrlKey: true })).toBe(false);
    situation = { past: 1, future: 0 };
    expect(press('Z', { ctrlKey: true, shiftKey: true })).toBe(false);
    expect(press('y', { ctrlKey: true })).toBe(false);
    expect(calls).toEqual([]);
    expect(reachedHost).toEqual(['keydown z', 'keydown Z', 'keydown y']);
  });

  test('need Ctrl or Cmd, without Alt', () => {
    situation = { past: 1, future: 1 };
    expect(press('z')).toBe(false);
    expect(press('z', { ctrlKey: true, altKey: true })).toBe(false);
    expect(calls).toEqual([]);
  });
});

describe('while typing', () => {
  const editable = new Element();
  editable.isContentEditable = true;
  const inDialog = new Element();
  inDialog.dialog = new Element();

  test.each([
    ['a text field', new Input('text')],
    ['a number field', new Input('number')],
    ['a search field', new Input('search')],
    ['a text area', new TextArea()],
    ['editable text', editable],
    ['a dialog', inDialog],
  ])('into %s no key is taken', (_, target) => {
    situation = { past: 1, future: 1, label: 'LM' };
    for (const key of ['0', '1', '4', 's', 'e']) {
      expect(press(key, { target })).toBe(false);
      press(key, { target, type: 'keypress' });
    }
    expect(press('z', { target, ctrlKey: true })).toBe(false);
    expect(calls).toEqual([]);
    expect(reachedHost).toHaveLength(11);
  });

  test.each(['range', 'checkbox', 'button'])('a focused %s is no text field', type => {
    press('2', { target: new Input(type) });
    expect(calls).toEqual(['activate LAD']);
  });

  test('a focused list of choices finds its entries by their letters; digits and undo stay ours', () => {
    const target = new Select();
    situation = { past: 1 };
    for (const key of ['f', 'S']) expect(press(key, { target })).toBe(false);
    expect(press('3', { target })).toBe(true);
    expect(press('z', { target, ctrlKey: true })).toBe(true);
    expect(calls).toEqual(['activate LCX', 'undo']);
  });

  test('a target that is no element, such as the document, does not matter', () => {
    press('2', { target: new EventTarget() });
    expect(calls).toEqual(['activate LAD']);
  });
});

test('the keypress of a key that was handled does not reach the host, others do', () => {
  for (const key of ['0', '4', '5', 's', 'E', '[', '6', 'a']) press(key, { type: 'keypress' });
  press('s', { type: 'keypress', ctrlKey: true });
  expect(reachedHost).toEqual(['keypress 6', 'keypress a', 'keypress s']);
});

test('keys are given back', () => {
  unbind();
  expect(press('1')).toBe(false);
  press('1', { type: 'keypress' });
  expect(calls).toEqual([]);
  expect(reachedHost).toEqual(['keydown 1', 'keypress 1']);
});
