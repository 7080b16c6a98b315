/** A typed array of which nobody knows how long it will be. */
export class GrowingArray<Values extends Int16Array<ArrayBuffer> | Int32Array<ArrayBuffer>> {
  length = 0;
  /** The most that it has held at once: while it grows and when it is taken, there is a copy. */
  peakBytes = 0;
  private readonly type: new (
    length: number,
  ) => Values;
  private items: Values;

  constructor(type: new (length: number) => Values) {
    this.type = type;
    this.items = new type(1 << 14);
    this.peakBytes = this.items.byteLength;
  }

  /** Of what it keeps for further items, whatever its length. */
  get capacityBytes(): number {
    return this.items.byteLength;
  }

  /** Empty again, with the room that it has. */
  clear(): void {
    this.length = 0;
    this.peakBytes = this.items.byteLength;
  }

  append(more: Values): void {
    this.reserve(more.length);
    this.items.set(more, this.length);
    this.length += more.length;
  }

  push(value: number): void {
    if (this.length === this.items.length) this.reserve(1);
    this.items[this.length++] = value;
  }

  /** What was appended, in an array of its own. */
  take(): Values {
    const taken = this.items.slice(0, this.length) as Values;
    this.holds(this.items.byteLength + taken.byteLength);
    return taken;
  }

  private reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.items.length) return;
    const larger = new this.type(Math.max(needed, this.items.length * 2));
    this.holds(this.items.byteLength + larger.byteLength);
    larger.set(this.items.subarray(0, this.length));
    this.items = larger;
  }

  private holds(bytes: number): void {
    this.peakBytes = Math.max(this.peakBytes, bytes);
  }
}
