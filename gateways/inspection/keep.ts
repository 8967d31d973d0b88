import { Fault, tryShape } from "../../schemas/ground/index.ts";
import type { InspectionRow, Store } from "../store/index.ts";
import {
  contentShape,
  type InspectionContent,
  type InspectionState,
  inspectionStates,
} from "./shapes.ts";

/** One inspection. */
export interface Inspection extends InspectionContent {
  readonly id: string;
  readonly state: InspectionState;
  /** The inspector, as a caller: the first key. */
  readonly askedBy: string;
  readonly askedAt: number;
  /** When it ends by itself: its waiting, or the inspection. */
  readonly endsAt: number;
}

/** @throws {Fault} INTEGRITY_STORE */
export function inspectionOf({ content, state, ...row }: InspectionRow): Inspection {
  const said = tryShape(contentShape, JSON.parse(content));
  const known = inspectionStates.find((one) => one === state);
  if (said.success && known !== undefined) return { ...row, ...said.data, state: known };
  throw new Fault("INTEGRITY_STORE", "an inspection is not as it was written");
}

/** Keeps one as it stands now. Runs inside a write. */
export function keepInspection(store: Pick<Store, "inspections">, one: Inspection): Inspection {
  const { id, state, askedBy, askedAt, endsAt, ...content } = one;
  store.inspections.put({
    id,
    state,
    askedBy,
    askedAt,
    endsAt,
    content: JSON.stringify(content),
  });
  return one;
}
