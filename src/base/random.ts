/**
 * Random numbers that are the same on every machine: sfc32 (Doty-Humphrey; passes PractRand), 32-bit integer arithmetic
 * only. A generator belongs to one purpose: the seed and the stream's name fix its numbers, so that drawing more from one
 * stream never moves another.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter: number;

  /** `seed` is a safe integer; `stream` names what the numbers are for: `latency`, `faults`, `protocol 0/3`. */
  constructor(seed: number, stream: string) {
    let state = mix(seed | 0) ^ mix(Math.floor(seed / 4_294_967_296) ^ 0x51_7c_c1_b7);
    for (let at = 0; at < stream.length; at += 1) state = mix(state ^ stream.charCodeAt(at));
    const next = (): number => {
      state = (state + 0x9e_37_79_b9) | 0;
      return mix(state);
    };
    this.a = next();
    this.b = next();
    this.c = next();
    this.counter = 1;
    for (let round = 0; round < 12; round += 1) this.nextInt32();
  }

  /** Uniform over all 32-bit integers, signed: the cheapest draw. */
  nextInt32(): number {
    const result = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + result) | 0;
    return result;
  }

  /** Uniform in 0..2^32-1. */
  nextUint32(): number {
    return this.nextInt32() >>> 0;
  }

  /** Uniform in [0, 1), all 53 bits of a double. */
  nextFloat(): number {
    const high = this.nextInt32() >>> 5;
    const low = this.nextInt32() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  }

  /** Uniform in 0..bound-1 without bias; `bound` in 1..2^32. */
  nextInt(bound: number): number {
    // Reject the few draws that would favour small results.
    const limit = 4_294_967_296 - (4_294_967_296 % bound);
    let draw = this.nextInt32() >>> 0;
    while (draw >= limit) draw = this.nextInt32() >>> 0;
    return draw % bound;
  }

  /** True with probability `probability`, in steps of 2^-32. */
  chance(probability: number): boolean {
    return this.nextInt32() >>> 0 < probability * 4_294_967_296;
  }

  /** Puts the items into a random order, in place (Fisher and Yates). */
  shuffle<T>(items: T[]): T[] {
    for (let last = items.length - 1; last > 0; last -= 1) {
      const other = this.nextInt(last + 1);
      const item = items[last] as T;
      items[last] = items[other] as T;
      items[other] = item;
    }
    return items;
  }
}

/** A bijection of 32-bit integers in which every bit of the input moves half of the output's (murmur3's finaliser). */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85_eb_ca_6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2_b2_ae_35);
  return x ^ (x >>> 16);
}
