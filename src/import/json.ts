import { ImportError } from './network.ts';

/** A value in a JSON document with the way to it, for messages: `nodes[3].quorumSet.threshold`. */
export class Json {
  private constructor(
    readonly value: unknown,
    private readonly path: string,
  ) {}

  /** Throws ImportError for what is no JSON, saying where. */
  static parse(text: string): Json {
    try {
      return new Json(JSON.parse(text.replace(/^\uFEFF/, '')), '');
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const at = /position (\d+)/.exec(message)?.[1];
      const before = at === undefined ? null : text.slice(0, Number(at)).split('\n');
      const place = before === null ? '' : `line ${before.length}, column ${(before[before.length - 1] as string).length + 1}: `;
      throw new ImportError(`${place}this is no JSON (${message.replace(/ in JSON at position.*$/s, '')})`);
    }
  }

  /** Throws the complaint with the place. */
  fail(problem: string): never {
    throw new ImportError(`${this.path === '' ? 'the document' : `\`${this.path}\``} ${problem}`);
  }

  get isMissing(): boolean {
    return this.value === undefined || this.value === null;
  }

  get isList(): boolean {
    return Array.isArray(this.value);
  }

  get isObject(): boolean {
    return typeof this.value === 'object' && this.value !== null && !this.isList;
  }

  list(): Json[] {
    if (!Array.isArray(this.value)) this.fail(`must be a list, and is ${said(this.value)}`);
    return (this.value as unknown[]).map((item, i) => new Json(item, `${this.path}[${i}]`));
  }

  entries(): [name: string, value: Json][] {
    if (!this.isObject) this.fail(`must be an object, and is ${said(this.value)}`);
    const at = (name: string): string =>
      /^\w+$/.test(name) ? (this.path === '' ? name : `${this.path}.${name}`) : `${this.path}[${JSON.stringify(name.slice(0, 40))}]`;
    return Object.entries(this.value as object).map(([name, value]) => [name, new Json(value, at(name))]);
  }

  /** The first field that is there of these names; a missing one is a missing value. */
  field(...names: readonly string[]): Json {
    const entries = new Map(this.entries());
    for (const name of names) {
      const found = entries.get(name);
      if (found !== undefined && !found.isMissing) return found;
    }
    return new Json(undefined, this.path === '' ? (names[0] as string) : `${this.path}.${names[0]}`);
  }

  string(): string {
    if (typeof this.value !== 'string') this.fail(this.isMissing ? 'is missing' : `must be a text, and is ${said(this.value)}`);
    return this.value as string;
  }

  number(): number {
    if (typeof this.value !== 'number') this.fail(this.isMissing ? 'is missing' : `must be a number, and is ${said(this.value)}`);
    return this.value as number;
  }
}

function said(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? `the text ${JSON.stringify(value.slice(0, 40))}` : String(value);
}
