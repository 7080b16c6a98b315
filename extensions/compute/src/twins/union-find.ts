/** Disjoint sets of 0 .. count - 1, each as a tree in which no parent is larger than its child: the root is the smallest. */
export type Parents = Int32Array;

/** Every number in a set of its own. */
export function singletons(count: number): Parents {
  const parents = new Int32Array(count);
  for (let member = 0; member < count; member++) parents[member] = member;
  return parents;
}

/** Smallest number of the set. Shortens the way for later calls. */
export function rootOf(parents: Parents, member: number): number {
  while (parents[member] !== member) {
    parents[member] = parents[parents[member]!]!;
    member = parents[member]!;
  }
  return member;
}

/** Makes one set of two. */
export function unite(parents: Parents, a: number, b: number): void {
  const rootA = rootOf(parents, a);
  const rootB = rootOf(parents, b);
  if (rootA < rootB) parents[rootB] = rootA;
  else parents[rootA] = rootB;
}
