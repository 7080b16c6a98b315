/** A CPU profile as Chromium's Profiler domain gives it; times in microseconds. */
export interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Milliseconds per function name, with everything that the function calls; recursion counts once. */
export function inclusiveTimes({ nodes, samples, timeDeltas }: Profile): Map<string, number> {
  const byId = new Map(nodes.map(node => [node.id, node]));
  const selfMs = new Map<number, number>();
  samples.forEach((id, i) => {
    selfMs.set(id, (selfMs.get(id) ?? 0) + (timeDeltas[i] ?? 0) / 1000);
  });
  const totals = new Map<string, number>();
  const visit = (id: number, above: ReadonlySet<string>): number => {
    const node = byId.get(id);
    if (!node) return 0;
    const { functionName } = node.callFrame;
    const inside = new Set(above).add(functionName);
    let ms = selfMs.get(id) ?? 0;
    for (const child of node.children ?? []) ms += visit(child, inside);
    if (!above.has(functionName)) totals.set(functionName, (totals.get(functionName) ?? 0) + ms);
    return ms;
  };
  if (nodes[0]) visit(nodes[0].id, new Set());
  return totals;
}
