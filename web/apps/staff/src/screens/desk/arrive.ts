import { type Encounter, type NewPatient, type Patient, encounters, patients } from "@hm/client";

export interface Visit {
  encounter_type: string;
  /** The facility's first pack without one. */
  pack?: string;
  reason?: string;
}

/**
 * Registers, opens a visit and checks in: three acts that the person sees as one. What
 * already happened is kept, so that pressing the button again goes on where it stopped.
 */
export class Arrival {
  patient: Patient | null = null;
  encounter: Encounter | null = null;

  async register(person: NewPatient, visit: Visit): Promise<Encounter> {
    this.patient ??= await patients.register(person);
    return this.checkIn(this.patient.id, visit);
  }

  async checkIn(patientId: string, visit: Visit): Promise<Encounter> {
    this.encounter ??= await encounters.create({ patient_id: patientId, ...visit });
    return encounters.checkIn(this.encounter.id);
  }
}
