import type { RecordFirearm, RecordStolenDocument, RecordStolenVehicle } from "../../gen/index.ts";
import type { BodyContext, Rule } from "../rule.ts";

/** A document that is recorded here is not in order; a valid one would send its holder to a cell. */
export const documentIsNotValid: Rule<BodyContext<RecordStolenDocument>> = {
  code: "RULE_RECORD_DOCUMENT_VALID",
  says: "status is VALID, so there is nothing to look for; choose what happened to the document or send no record",
  find: ({ body }) => (body.status === "VALID" ? ["/status"] : []),
};

/** A vehicle is found by a plate, a chassis or an engine number; make and colour fit thousands. */
export const vehicleIsIdentified: Rule<BodyContext<RecordStolenVehicle>> = {
  code: "RULE_RECORD_VEHICLE_NOT_IDENTIFIED",
  says: "the vehicle has none of plate, vin and engineNumber; give one",
  find: ({ body: { vehicle } }) =>
    [vehicle.plate, vehicle.vin, vehicle.engineNumber].every((number) => number === undefined)
      ? ["/vehicle"]
      : [],
};

/** A firearm is found by its serial, by the mark of its removal, or by other marks. */
export const firearmIsIdentified: Rule<BodyContext<RecordFirearm>> = {
  code: "RULE_RECORD_FIREARM_NOT_IDENTIFIED",
  says: "give the firearm's serial, or say serialObliterated, or describe otherMarks",
  find: ({ body: { firearm } }) =>
    firearm.serial === undefined &&
    firearm.serialObliterated !== true &&
    firearm.otherMarks.length === 0
      ? ["/firearm"]
      : [],
};
