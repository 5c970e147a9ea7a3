/** The demo's sign-ins that the journeys use: one hospital, at its main facility. */
const at = (username: string) => ({ username: `${username}@asha`, password: "hm-demo-2026", facility: "Asha Main" });

export const demo = {
  receptionist: at("reception"),
  nurse: at("nurse"),
  doctor: at("doctor"),
  admin: at("admin"),
};
