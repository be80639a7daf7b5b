interface TypeInfo {
  readonly superTypes: readonly string[];
}

/** Tells which node types are kinds of which: what the generated `isExpression(node)` and its like ask. */
export abstract class Reflection {
  abstract readonly types: object;
  private readonly known = new Map<string, boolean>();

  isInstance(node: unknown, type: string): boolean {
    return typeof node === 'object' && node !== null && '$type' in node && this.isSubtype(String(node.$type), type);
  }

  isSubtype(type: string, of: string): boolean {
    if (type === of) return true;
    const key = `${type}<${of}`;
    let answer = this.known.get(key);
    if (answer === undefined) {
      const info = (this.types as Record<string, TypeInfo>)[type];
      answer = info?.superTypes.some((superType) => this.isSubtype(superType, of)) ?? false;
      this.known.set(key, answer);
    }
    return answer;
  }
}
