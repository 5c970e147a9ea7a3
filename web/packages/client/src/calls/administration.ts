import { transport } from "../transport";
import type { FacilityChange, NewFacility, NewUser, UserChange } from "../types";

export interface UserFilter {
  q?: string;
  facility_id?: string;
  is_active?: boolean;
  limit?: number;
  cursor?: string;
}

const data = <T>(answer: { data: T }): T => answer.data;
const everything = { limit: 200 };

export const administration = {
  users: (query: UserFilter, signal?: AbortSignal) =>
    transport.send("GET", "/api/users", { query: { ...query }, signal }).then(data),
  user: (id: string, signal?: AbortSignal) => transport.send("GET", "/api/users/{id}", { path: { id }, signal }),
  createUser: (body: NewUser) => transport.send("POST", "/api/users", { body }).then(data),
  changeUser: (id: string, body: UserChange, ifMatch: string | null) =>
    transport.send("PATCH", "/api/users/{id}", { path: { id }, body, ifMatch }),

  createMembership: (body: { user_id: string; facility_id: string; roles: string[] }) =>
    transport.send("POST", "/api/memberships", { body }).then(data),
  changeMembership: (id: string, body: { roles?: string[]; is_active?: boolean }) =>
    transport.send("PATCH", "/api/memberships/{id}", { path: { id }, body }).then(data),

  roles: (signal?: AbortSignal) =>
    transport.send("GET", "/api/roles", { query: everything, signal }).then((answer) => answer.data.results),
  role: (id: string, signal?: AbortSignal) => transport.send("GET", "/api/roles/{id}", { path: { id }, signal }),
  createRole: (body: { code: string; name: string; permissions: string[] }) =>
    transport.send("POST", "/api/roles", { body }).then(data),
  changeRole: (id: string, body: { name?: string; permissions?: string[] }, ifMatch: string | null) =>
    transport.send("PATCH", "/api/roles/{id}", { path: { id }, body, ifMatch }).then(data),
  permissions: (signal?: AbortSignal) =>
    transport.send("GET", "/api/permissions", { query: everything, signal }).then((answer) => answer.data.results),

  facilities: (signal?: AbortSignal) =>
    transport.send("GET", "/api/facilities", { query: everything, signal }).then((answer) => answer.data.results),
  facility: (id: string, signal?: AbortSignal) => transport.send("GET", "/api/facilities/{id}", { path: { id }, signal }),
  createFacility: (body: NewFacility) =>
    transport.send("POST", "/api/facilities", { body }).then(data),
  changeFacility: (id: string, body: FacilityChange, ifMatch: string | null) => transport.send("PATCH", "/api/facilities/{id}", { path: { id }, body, ifMatch }).then(data),
};
