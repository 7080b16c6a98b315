/**
 * Where tree heads are kept outside the database. Whoever can change the database should not be able to change what is here.
 */
export interface OutsideHeads {
  /** Resolves once it is kept for good. Writing the same bytes again does nothing. Names contain one slash. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Names, sorted by their code units; only those behind `after` where that is given. */
  list(after?: string): AsyncIterable<string>;
  /** Undefined where there is none of this name. */
  read(name: string): Promise<Buffer | undefined>;
}
