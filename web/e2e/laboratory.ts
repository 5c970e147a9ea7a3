import type { Person } from "./person";

/** A test of somebody in this journey, and where it is. */
export interface Ordered {
  patient: string;
  encounter: string;
  items: string[];
}

export interface Sample {
  id: string;
  barcode: string;
  status: string;
}

export interface Result {
  id: string;
  status: string;
  verified_by_rule: string | null;
  actions: string[];
}

/** A patient of this name with an order of these tests. */
export async function ordered(desk: Person, doctor: Person, name: string, codes: string[], more: { priority?: string; gender?: "female" | "male" } = {}): Promise<Ordered> {
  const { patient, encounter } = await desk.hasArrived(name, more.gender);
  const order = await doctor.ask<{ items: { id: string }[] }>("POST", "/api/orders", { encounter_id: encounter, order_type: "LAB", priority: more.priority ?? "ROUTINE", items: codes.map((service_code) => ({ service_code })) });
  return { patient, encounter, items: order.items.map(({ id }) => id) };
}

/** The tube of what was ordered, taken and at the bench. */
export async function atTheBench(technician: Person, { items }: Ordered): Promise<Sample> {
  const sample = await technician.ask<Sample>("POST", "/api/lab/samples", { order_item_ids: items });
  return technician.ask<Sample>("POST", `/api/lab/samples/${sample.id}/receive`);
}

/** What was measured of the one test that was ordered; with a reason it corrects what was released. */
export const entered = (technician: Person, { items: [item] }: Ordered, values: Record<string, number>, correction?: string): Promise<Result> =>
  technician.ask<Result>("POST", "/api/lab/results", {
    order_item_id: item,
    values: Object.entries(values).map(([code, value]) => ({ code, value })),
    ...(correction ? { correction_reason: correction } : {}),
  });

export const verified = (pathologist: Person, { id }: Result): Promise<Result> => pathologist.ask<Result>("POST", `/api/lab/results/${id}/verify`);
export const released = (pathologist: Person, { id }: Result): Promise<Result> => pathologist.ask<Result>("POST", `/api/lab/results/${id}/release`);

/** The newest tube of a visit. */
export async function newestSample(person: Person, { encounter }: Ordered): Promise<Sample> {
  const { results } = await person.ask<{ results: (Sample & { collected_at: string })[] }>("GET", `/api/lab/samples?encounter_id=${encounter}`);
  return results.toSorted((a, b) => b.collected_at.localeCompare(a.collected_at))[0]!;
}

/** What a scanner sends: keys that were pressed some milliseconds apart, whenever a busy machine comes to them. */
export async function scanned({ page }: Person, barcode: string): Promise<void> {
  const keyboard = await page.context().newCDPSession(page);
  const begun = Date.now() / 1000;
  for (const [index, text] of [...barcode, "\r"].entries()) {
    const key = text === "\r" ? { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13 } : { key: text, code: `Digit${text}`, windowsVirtualKeyCode: text.charCodeAt(0) };
    for (const type of ["keyDown", "keyUp"] as const) await keyboard.send("Input.dispatchKeyEvent", { type, ...key, ...(type === "keyDown" ? { text } : {}), timestamp: begun + index * 0.005 });
  }
  await keyboard.detach();
}
