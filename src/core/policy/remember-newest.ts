/** As the function itself, which reads each of the newest texts once. What it gives is shared, and so it cannot be changed. */
export function rememberNewest<T>(count: number, read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const value = known.get(text) ?? freezeDeep(read(text));
    // Put last, so that the first is the one that was asked for longest ago.
    known.delete(text);
    known.set(text, value);
    for (const oldest of [...known.keys()].slice(0, -count)) known.delete(oldest);
    return value;
  };
}

function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const part of Object.values(value)) freezeDeep(part);
  }
  return value;
}
