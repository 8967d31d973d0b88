/** Numbers things by their names, from 0 on, in the order in which they are first named. */
export function makeNumbering(): (name: string) => number {
  const numbers = new Map<string, number>();
  return (name) => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  };
}
