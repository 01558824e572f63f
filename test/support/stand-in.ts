/** An object that has what the one found at each use has. */
export function standIn<T extends object>(find: () => T): T {
  const nothing: T = Object.create(null);
  return new Proxy(nothing, {
    get: (_nothing, name): unknown => Reflect.get(find(), name),
    set: (_nothing, name, value) => Reflect.set(find(), name, value),
  });
}
