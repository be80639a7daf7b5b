import { describe, expect, it } from 'vitest';
import { linesOf, sectionsOf } from './card-of.ts';

const limits = (system: string, protocol = 'solves consensus'): string =>
  linesOf(sectionsOf(`protocol P { ${protocol} }\nsystem S {\n${system}\nrun P on a\n}`).find(({ id }) => id === 'limits'));

describe('the section of what no protocol can do better', () => {
  it('says which lower bound applies and whether it is kept', () => {
    const partially = 'timing partially_synchronous(delay: 10ms, gst: 1s)';
    expect(limits(`node a[5]\n${partially}\nfaults F { crash 2 of a }`)).toBe(
      'consensus: n ≥ 2f + 1: kept\ntermination: can be guaranteed from the time on when delays are bounded, not before',
    );
    expect(limits(`node a[3]\n${partially}\nfaults F { byzantine 1 of a }`)).toContain(
      'consensus: n ≥ 3f + 1: broken, 3 fault sets take all members\n  Set 1: `a[0]` Byzantine.',
    );
  });
  it('says when termination cannot be guaranteed', () => {
    expect(limits('node a[5]\nfaults F { crash 2 of a }')).toContain('termination: cannot be guaranteed in every run');
    expect(limits('node a[5]\nfaults F { loss 1% }')).toContain('termination: not excluded');
  });
  it('is silent of what nothing is proved of', () => {
    expect(limits('node a[5]\nfaults F { crash 2 of a }', 'solves convergence')).toBe('no such section');
    expect(limits('node a[5]\nfaults F { crash 2 of a }', '')).toBe('no such section');
  });
});
