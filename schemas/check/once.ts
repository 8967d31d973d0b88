/**
 * Makes one value for each key and gives it again ever after. A checker is never changed once it is made, and thousands of
 * fields ask for the same few: making each anew would cost every process megabytes.
 */
export function once<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
