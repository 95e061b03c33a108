/** As the function itself, which reads each of the newest texts once. What it gives is shared by all who ask. */
export function rememberNewest<T>(count: number, read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const value = known.get(text) ?? read(text);
    // Put last, so that the first is the one that was asked for longest ago.
    known.delete(text);
    known.set(text, value);
    for (const oldest of [...known.keys()].slice(0, -count)) known.delete(oldest);
    return value;
  };
}
