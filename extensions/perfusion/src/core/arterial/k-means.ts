const MOST_ROUNDS = 100;

/**
 * Parts curves into clusters by Euclidean distance (Lloyd's algorithm), the same way every time: the first centers are the means
 * of equal shares of the curves in the order given, and a curve that is as near to two centers goes to the first.
 * @param curves rows of `length` values, one after the other, in an order in which neighbors are alike
 * @returns cluster of every curve, 0-based; a cluster may stay empty
 */
export function kMeans(curves: Float64Array, length: number, clusters: number): Int32Array {
  const count = curves.length / length;
  const cluster = Int32Array.from({ length: count }, (_, curve) => Math.floor((curve * clusters) / count));
  const centers = new Float64Array(clusters * length);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    findCenters(centers, curves, length, cluster);
    if (!assign(cluster, curves, length, centers)) break;
  }
  return cluster;
}

/** The mean of the curves of every cluster; the center of an empty one stays where it was. */
function findCenters(centers: Float64Array, curves: Float64Array, length: number, cluster: Int32Array): void {
  const sums = new Float64Array(centers.length);
  const sizes = new Float64Array(centers.length / length);
  for (let curve = 0; curve < cluster.length; curve++) {
    sizes[cluster[curve]!]!++;
    for (let t = 0; t < length; t++) sums[cluster[curve]! * length + t]! += curves[curve * length + t]!;
  }
  for (let i = 0; i < sums.length; i++) {
    const size = sizes[Math.floor(i / length)]!;
    if (size > 0) centers[i] = sums[i]! / size;
  }
}

/** Moves every curve to its nearest center. Gives whether any moved. */
function assign(cluster: Int32Array, curves: Float64Array, length: number, centers: Float64Array): boolean {
  let moved = false;
  for (let curve = 0; curve < cluster.length; curve++) {
    let nearest = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let center = 0; center * length < centers.length; center++) {
      let distance = 0;
      for (let t = 0; t < length && distance < least; t++) {
        distance += (curves[curve * length + t]! - centers[center * length + t]!) ** 2;
      }
      if (distance < least) {
        least = distance;
        nearest = center;
      }
    }
    if (nearest === cluster[curve]) continue;
    cluster[curve] = nearest;
    moved = true;
  }
  return moved;
}
