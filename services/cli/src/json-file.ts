import { readFile } from 'node:fs/promises';
import { Refusal } from './refusal.ts';

/**
 * Reads and parses a JSON file that an option names.
 * @param what for messages, as in "regions file".
 * @param shape what the file should hold, for messages.
 * @throws Refusal when it cannot be read or is not JSON.
 */
export async function readJsonFile(path: string, what: string, option: string, shape: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Refusal(`The ${what} ${path} cannot be read (${reason}); give the path of a JSON file to ${option}.`);
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Refusal(
      `The ${what} ${path} is not JSON (${error instanceof Error ? error.message : error}); write ${shape}.`,
    );
  }
}
