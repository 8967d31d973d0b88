import type {
  RecordFirearm,
  RecordObject,
  RecordPerson,
  RecordStolenDocument,
  RecordStolenVehicle,
} from "../../gen/index.ts";
import type { MessageContext, Rule } from "../rule.ts";

/** Whether the agency that signs is of this country; a regional centre is of none. */
function isOf(originator: string, country: string): boolean {
  return originator.split("/")[0]?.toUpperCase() === country;
}

/** Only the country that issued a document can say that it serves nobody any more (T9). */
export const issuerSignsDocument: Rule<MessageContext<RecordStolenDocument>> = {
  code: "RULE_RECORD_NOT_BY_ISSUER",
  says: "the document was issued by another country than the sender's; ask that country to record it",
  find: ({ originator, body }) =>
    isOf(originator, body.document.issuerCountry) ? [] : ["/document/issuerCountry"],
};

/** Only the country that registered a vehicle can record it, and the plate is that country's (T9). */
export const registrarSignsVehicle: Rule<MessageContext<RecordStolenVehicle>> = {
  code: "RULE_RECORD_NOT_BY_REGISTRAR",
  says: "the vehicle is registered in another country than the sender's; ask that country to record it",
  find: ({ originator, body: { registrarCountry, vehicle } }) => [
    ...(isOf(originator, registrarCountry) ? [] : ["/registrarCountry"]),
    ...(vehicle.plateCountry === undefined || isOf(originator, vehicle.plateCountry)
      ? []
      : ["/vehicle/plateCountry"]),
  ],
};

/** Only the country that keeps the record of a firearm can send it (T9). */
export const keeperSignsFirearm: Rule<MessageContext<RecordFirearm>> = {
  code: "RULE_RECORD_FIREARM_NOT_BY_KEEPER",
  says: "registrarCountry is another country than the sender's; ask that country to record the firearm",
  find: ({ originator, body }) =>
    isOf(originator, body.registrarCountry) ? [] : ["/registrarCountry"],
};

/** Only the country whose police keep the record of a person can send it (T9). */
export const keeperSignsPerson: Rule<MessageContext<RecordPerson>> = {
  code: "RULE_RECORD_PERSON_NOT_BY_KEEPER",
  says: "registrarCountry is another country than the sender's; a police record is sent by the country that keeps it",
  find: ({ originator, body }) =>
    isOf(originator, body.registrarCountry) ? [] : ["/registrarCountry"],
};

/** Only the country that keeps the record of a thing can send it (T9). */
export const keeperSignsObject: Rule<MessageContext<RecordObject>> = {
  code: "RULE_RECORD_OBJECT_NOT_BY_KEEPER",
  says: "registrarCountry is another country than the sender's; ask that country to record the object",
  find: ({ originator, body }) =>
    isOf(originator, body.registrarCountry) ? [] : ["/registrarCountry"],
};
