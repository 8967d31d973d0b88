/** One state in the grid: its code of ISO 3166-1, and where it stands from the left and from above. */
export type Tile = readonly [country: string, column: number, row: number];

/**
 * The states of the African Union, each as large as every other and islands as visible as continents; no borders are drawn, so
 * that none is taken a side on. A deployment that wants it otherwise changes this list.
 */
export const tiles: readonly Tile[] = [
  ["MA", 3, 0], ["DZ", 4, 0], ["TN", 5, 0], ["LY", 6, 0], ["EG", 7, 0],
  ["EH", 2, 1], ["MR", 3, 1], ["ML", 4, 1], ["NE", 5, 1], ["TD", 6, 1], ["SD", 7, 1], ["ER", 8, 1],
  ["CV", 0, 2], ["SN", 2, 2], ["GM", 3, 2], ["BF", 4, 2], ["BJ", 5, 2], ["NG", 6, 2], ["SS", 7, 2], ["ET", 8, 2], ["DJ", 9, 2],
  ["GW", 2, 3], ["GN", 3, 3], ["CI", 4, 3], ["TG", 5, 3], ["CM", 6, 3], ["CF", 7, 3], ["UG", 8, 3], ["SO", 9, 3],
  ["SL", 3, 4], ["GH", 5, 4], ["CG", 6, 4], ["CD", 7, 4], ["RW", 8, 4], ["KE", 9, 4],
  ["LR", 4, 5], ["ST", 4, 6], ["GQ", 5, 5], ["GA", 6, 5], ["BI", 8, 5], ["TZ", 9, 5], ["SC", 11, 5],
  ["AO", 6, 6], ["ZM", 7, 6], ["MW", 8, 6], ["MZ", 9, 6], ["KM", 10, 6],
  ["NA", 6, 7], ["BW", 7, 7], ["ZW", 8, 7], ["MG", 10, 7], ["MU", 11, 7],
  ["ZA", 7, 8], ["SZ", 8, 8], ["LS", 7, 9],
]; // prettier-ignore
