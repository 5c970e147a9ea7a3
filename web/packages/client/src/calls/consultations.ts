import { transport } from "../transport";
import type { Override } from "../ruled";
import type { Assessment, NewOrder, Note, Plan } from "../types";

export interface Consultation {
  assessment?: Assessment;
  plan?: Plan;
  note?: Note;
  document_ids?: string[];
  orders?: NewOrder[];
}

export const consultations = {
  /** All that was written and ordered, in one act: all of it or nothing. */
  sign: (id: string, body: Consultation, overrides: Override[]) =>
    transport
      .send("POST", "/api/encounters/{id}/sign", { path: { id }, body: { ...body, ...(overrides.length > 0 ? { overrides } : {}) } })
      .then((answer) => answer.data),
};
