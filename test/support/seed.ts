import fc from 'fast-check';

/*
 * Generated cases are the same in every run of the tests, so that a change is judged by itself; SEED=n tries others, and
 * `SEED=random` new ones each time. A failing property prints its seed.
 */
const wanted = process.env.SEED ?? '20261127';
if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) });
