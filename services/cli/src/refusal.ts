/**
 * The command cannot give a number it would stand behind. The message is one sentence for the person at the terminal:
 * what is wrong, where, and what to do. The program prints it on stderr and ends with exit code 2.
 */
export class Refusal extends Error {
  constructor(message: string) {
    super(oneLine(message));
    this.name = 'Refusal';
  }
}

/** Text from files and file names on one line, without control characters that could steer a terminal. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}
