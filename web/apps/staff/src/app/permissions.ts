/** What each screen asks for, by the server's own permission codes; any one of them is enough. */
export const needs = {
  desk: ["patients.can_create", "encounters.can_check_in"],
  triage: ["encounters.can_record_vitals"],
  queue: ["encounters.can_start_consult"],
  chart: ["patients.can_read"],
  orders: ["orders.can_read"],
  tasks: ["tasks.can_read"],
  laboratory: ["lab.can_read", "lab.can_collect", "lab.can_receive", "lab.can_enter", "lab.can_verify", "lab.can_release", "lab.can_configure", "qualitycontrol.can_read"],
  alerts: ["alerts.can_read"],
  users: ["iam.can_manage_users", "iam.can_read_roles", "facilities.can_update", "rules.can_tune", "packs.can_install", "alerts.can_configure"],
  audit: ["audit.can_read"],
} as const satisfies Record<string, readonly string[]>;

export type Screen = keyof typeof needs;

export function mayOpen(screen: Screen, can: (permission: string) => boolean): boolean {
  return needs[screen].some(can);
}
