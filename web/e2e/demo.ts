/** The demo's sign-ins that the journeys use. */
const facility = "Sunrise Main Hospital" as string | undefined;

export const demo = {
  receptionist: { username: "reception", password: "demo", facility },
  nurse: { username: "nurse", password: "demo", facility },
  doctor: { username: "doctor", password: "demo", facility },
  admin: { username: "admin", password: "demo", facility },
};
