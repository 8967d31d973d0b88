/** Reads a table written as `letter=form` pairs with spaces between. */
export function parseTable(...rows: readonly string[]): ReadonlyMap<string, string> {
  const pairs = rows.flatMap((row) => row.split(" "));
  return new Map(
    pairs.map((pair): [string, string] => {
      const [letter = "", form = ""] = pair.split("=");
      return [letter, form];
    }),
  );
}
