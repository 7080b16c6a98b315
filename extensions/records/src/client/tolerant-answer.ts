import type * as z from 'zod';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/**
 * Parses an answer, and passes over what a newer service has added to it. Everything that this version knows must be as it knows it.
 * @returns what the schema makes of it
 */
export function parseAnswer(schema: z.ZodType, json: unknown): z.ZodSafeParseResult<unknown> {
  const strict = schema.safeParse(json);
  const added = strict.success ? null : addedKeys(strict.error.issues);
  if (!added) return strict;
  const known = structuredClone(json);
  for (const path of added) remove(known, path);
  return schema.safeParse(known);
}

/** Where the keys are that alone keep an answer from being as expected; null where something else is wrong with it. */
function addedKeys(issues: readonly Issue[], above: Path = []): Path[] | null {
  const paths: Path[] = [];
  for (const issue of issues) {
    const here = [...above, ...issue.path];
    const found =
      issue.code === 'unrecognized_keys'
        ? issue.keys.map(key => [...here, key])
        : issue.code === 'invalid_union'
          ? firstOf(issue.errors, ofBranch => addedKeys(ofBranch, here))
          : null;
    if (!found) return null;
    paths.push(...found);
  }
  return paths;
}

function firstOf<Item, Found>(items: readonly Item[], find: (item: Item) => Found | null): Found | null {
  for (const item of items) {
    const found = find(item);
    if (found) return found;
  }
  return null;
}

function remove(json: unknown, path: Path): void {
  const parent = path.slice(0, -1).reduce((value, key) => (value as Record<PropertyKey, unknown>)[key], json);
  delete (parent as Record<PropertyKey, unknown>)[path.at(-1)!];
}
