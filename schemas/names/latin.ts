import { parseTable } from "./table.ts";

/**
 * Doc 9303 part 3 §6, table A: Latin letters whose form in a machine-readable zone is not their base letter
 * alone. Where the table gives a choice, its first form stands. Letters that are a base letter with marks
 * and are not here are written as the base letter, as the table does for every such letter it has.
 */
export const latin: ReadonlyMap<string, string> = parseTable(
  "Ä=AE Å=AA Æ=AE Ð=D Ö=OE Ø=OE Ü=UE Þ=TH Đ=D Ħ=H Ĳ=IJ Ŀ=L Ł=L Ŋ=N Œ=OE Ŧ=T ẞ=SS",
);
