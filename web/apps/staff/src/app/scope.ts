import { type Me, type Membership, identity, session } from "@hm/client";

const key = "hm.scope";

/** The membership this tab works under, or null when the person must choose. */
export function settleScope(me: Me): Membership | null {
  const find = (scope: { tenant_id: string; facility_id: string } | null) =>
    scope && me.memberships.find((one) => one.tenant_id === scope.tenant_id && one.facility_id === scope.facility_id);
  const membership = find(session.scope) || find(remembered()) || find(me.scope) || (me.memberships.length === 1 ? me.memberships[0] : null);
  if (!membership) return null;
  remember(membership);
  return membership;
}

/** Makes a facility this tab's own and the session's default for the next sign-in. */
export async function chooseScope(membership: Membership): Promise<void> {
  await identity.chooseScope(membership.tenant_id, membership.facility_id);
  remember(membership);
}

export function forgetScope(): void {
  sessionStorage.removeItem(key);
}

function remember({ tenant_id, facility_id }: Membership): void {
  const known = session.scope;
  if (known?.tenant_id === tenant_id && known.facility_id === facility_id) return;
  sessionStorage.setItem(key, JSON.stringify({ tenant_id, facility_id }));
  session.useScope({ tenant_id, facility_id });
}

function remembered(): { tenant_id: string; facility_id: string } | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}
