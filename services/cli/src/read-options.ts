import { parseArgs } from 'node:util';
import { Refusal } from './refusal.ts';

/** Options of a command by name: with a value, or a switch. */
export type Options = Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>;

export type OptionValues<O extends Options> = {
  [name in keyof O]?: O[name]['type'] extends 'string' ? string : boolean;
};

/**
 * Takes apart the arguments of a command. Not strict, because the sentences of strict parsing speak of JavaScript; the tokens
 * are checked here instead.
 * @throws Refusal naming the option that is unknown, repeated or has no value, or one that it should not have.
 */
export function readOptions<O extends Options>(
  command: string,
  options: O,
  args: readonly string[],
): { readonly values: OptionValues<O>; readonly positionals: readonly string[] } {
  const parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  const seen = new Set<string>();
  for (const token of parsed.tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option || !rawName.startsWith('--')) {
      throw new Refusal(`voxelwise ${command} has no option ${rawName}; voxelwise --help lists them.`);
    }
    if (seen.has(name)) throw new Refusal(`The option ${rawName} is given twice; give it once.`);
    seen.add(name);
    if (option.type === 'boolean' && value !== undefined) {
      throw new Refusal(`The option ${rawName} takes no value, but "${value}" was given; leave the value out.`);
    }
    if (option.type === 'string' && (value === undefined || value === '' || value.startsWith('--'))) {
      throw new Refusal(`The option ${rawName} needs a value; voxelwise --help shows which.`);
    }
  }
  return { values: parsed.values as OptionValues<O>, positionals: parsed.positionals };
}

/** A plain decimal number, NaN of anything else. Number() alone would also read '', ' ' and '0x82'. */
export function plainNumber(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
}
