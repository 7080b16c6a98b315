/** Where a command writes. */
export interface Terminal {
  readonly version: string;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Shows what is going on, in place of what it showed before; does nothing when nobody watches. */
  readonly progress: (message: string) => void;
  /** Somebody watches: progress is seen. */
  readonly isInteractive: boolean;
}

/** Exit codes of the program. */
export const EXIT = { done: 0, failed: 1, refused: 2 } as const;
