import { exp, ln } from '../base/exact-math.ts';
import type { Random } from '../base/random.ts';

/**
 * Standard normal draws by the ziggurat of Marsaglia & Tsang (J. Stat. Softw. 2000) in Doornik's form (2005): 128 layers
 * of equal area; the tables come from our own `ln` and `exp`, so that they are the same everywhere.
 */

const layers = 128;
const tailStart = 3.442619855899;
const layerArea = 9.91256303526217e-3;

const edge = new Float64Array(layers + 1);
const ratio = new Float64Array(layers);

function buildTables(): void {
  let density = exp(-0.5 * tailStart * tailStart);
  edge[0] = layerArea / density;
  edge[1] = tailStart;
  edge[layers] = 0;
  for (let i = 2; i < layers; i += 1) {
    edge[i] = Math.sqrt(-2 * ln(layerArea / (edge[i - 1] as number) + density));
    density = exp(-0.5 * (edge[i] as number) * (edge[i] as number));
  }
  for (let i = 0; i < layers; i += 1) ratio[i] = (edge[i + 1] as number) / (edge[i] as number);
}
buildTables();

/** One draw with mean 0 and standard deviation 1. */
export function standardNormal(random: Random): number {
  // One integer gives the layer and 24 bits of the position in it, a second the other 29 bits.
  const bits = random.nextInt32();
  const layer = bits & 127;
  const u = ((bits >>> 8) * 536_870_912 + (random.nextInt32() >>> 3)) / 4_503_599_627_370_496 - 1;
  if ((u < 0 ? -u : u) < (ratio[layer] as number)) return u * (edge[layer] as number);
  return outsideTheCore(random, layer, u);
}

/** The 1.2 % of draws that fall beside the rectangles. */
function outsideTheCore(random: Random, layer: number, u: number): number {
  if (layer === 0) return tail(random, u < 0);
  const x = u * (edge[layer] as number);
  const outer = edge[layer] as number;
  const inner = edge[layer + 1] as number;
  const low = exp(-0.5 * (outer * outer - x * x));
  const high = exp(-0.5 * (inner * inner - x * x));
  if (high + random.nextFloat() * (low - high) < 1) return x;
  return standardNormal(random);
}

/** Beyond the last layer: Marsaglia's exact tail. */
function tail(random: Random, negative: boolean): number {
  for (;;) {
    const x = ln(1 - random.nextFloat()) / tailStart;
    const y = ln(1 - random.nextFloat());
    if (-2 * y >= x * x) return negative ? x - tailStart : tailStart - x;
  }
}
