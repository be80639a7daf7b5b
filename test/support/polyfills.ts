// Langium's parser library calls Object.groupBy (Node 21); dsys runs on Node 20, as VS Code's extension host does.
interface GroupingObject {
  groupBy?: (items: Iterable<unknown>, keyOf: (item: unknown, index: number) => PropertyKey) => Record<PropertyKey, unknown[]>;
}

const target = Object as unknown as GroupingObject;
target.groupBy ??= (items, keyOf) => {
  const groups: Record<PropertyKey, unknown[]> = Object.create(null);
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    groups[key] ??= [];
    groups[key].push(item);
  }
  return groups;
};

export {};
