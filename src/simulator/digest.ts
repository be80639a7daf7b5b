/**
 * A 64-bit fingerprint of a run: two murmur-like lanes of 32-bit integers over every event. Not cryptographic; it tells
 * runs apart and is the same on every machine.
 */
export class Digest {
  private a = 0x2545_f491 | 0;
  private b = 0x9e37_79b9 | 0;

  /** An event: its time, what and where it is in two integers. */
  add(time: number, what: number, where: number): void {
    // Both halves of a whole number of nanoseconds; `| 0` keeps the lower 32 bits of any double.
    const low = time | 0;
    const high = (time / 4_294_967_296) | 0;
    let a = Math.imul(this.a ^ low, 0xcc9e_2d51);
    a = (a << 15) | (a >>> 17);
    a = Math.imul(a ^ what, 0x1b87_3593);
    let b = Math.imul(this.b ^ where, 0x85eb_ca6b);
    b = (b << 13) | (b >>> 19);
    b = Math.imul(b ^ high, 0xc2b2_ae35);
    this.a = (a + (b >>> 16)) | 0;
    this.b = (b ^ (this.a + (a >>> 15))) | 0;
  }

  addText(text: string): void {
    let hash = 0x811c_9dc5 | 0;
    for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x0100_0193);
    this.add(text.length, hash, 0);
  }

  /** 16 hex digits. */
  toString(): string {
    return hex(finish(this.a)) + hex(finish(this.b));
  }
}

function finish(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x85eb_ca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35);
  return x ^ (x >>> 16);
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
