/**
 * States in which something is in force and nobody owes anything: each with what ends it. Everywhere else somebody is awaited,
 * or the matter is at its end.
 */
export const standingStates: Readonly<Record<string, string>> = {
  "FIU_MATCH FILTER_SHARED": "its term: who finds a hit says so, and who finds none owes nothing",
  "BULLETIN PUBLISHED": "its term, or its owner's cancelling",
  "NOTICE PUBLISHED": "its review, its term, a hit or its owner's withdrawal",
  "WANTED_NOTICE ACTIONABLE": "its review, its term, a hit or its owner's withdrawal",
  "WANTED_NOTICE NOT_ACTED_ON": "its owner's withdrawal, or a new legal review",
  "RECORD RECORDED": "its review, its term, a hit or its owner's withdrawal",
  "FIREARM_DIVERSION PUBLISHED": "the destruction of what was found, or its term",
  "FIREARM_DIVERSION PARTLY_DESTROYED": "the destruction of the rest, or its term",
  "TIP_CASE ACTIVE": "its owners' next status; each sub-stream has its own clocks",
  "TIP_CASE FOLLOW_UP": "its owners' next status; each sub-stream has its own clocks",
  "ASSURANCE GIVEN": "its end, or a breach that somebody reports",
  "ASSURANCE GIVEN_IN_PART": "its end, or a breach that somebody reports",
  "DELEGATION IN_FORCE": "its last day, or either side's word",
  "DELEGATION SUSPENDED": "its last day, or either side's word",
};

/** States that are an end in which nobody owes anything, though something may still be said: each with what that is. */
export const openEnds: Readonly<Record<string, string>> = {
  "FIU_MATCH REQUESTED": "the request has a matter of its own; another hit may be told",
  "FIU_CONSENT GRANTED": "it may be taken back; uses may be told",
  "FIU_CONSENT REFUSED": "the owner may think again",
  "FIU_CONSENT REVOKED": "the owner may think again; earlier uses may be told",
  "CONSENT GRANTED": "it may be taken back; uses may be told",
  "CONSENT REFUSED": "the owner may think again",
  "CONSENT REVOKED": "the owner may think again; earlier uses may be told",
  "PURGE REFUSED": "the holder may do it after all, and be reminded",
  "CORRECTION REFUSED": "the holder may do it after all, and be reminded",
  "SUBJECT_RIGHTS ANSWERED": "an appeal",
  "SUBJECT_RIGHTS PARTLY_ANSWERED": "an appeal",
  "SUBJECT_RIGHTS REFUSED": "an appeal",
  "SUBJECT_RIGHTS NOT_HELD": "an appeal",
  "QUERY CORE_DATA_ASKED":
    "the core data have a matter of their own; another hit may be asked about",
  "HANDOVER GIVEN_TO_ANOTHER": "the offerer's word on what came of it",
  "TIP_CASE CLOSED": "its owner may take it up again",
  "TIP_CASE CLOSED_REFERRED": "its owner may take it up again",
};
