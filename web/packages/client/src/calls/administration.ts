import { transport } from "../transport";
import type { Facility, Page, Permission, Role, User, UserPlace } from "../types";

export interface NewUser {
  username: string;
  full_name: string;
  email?: string;
  password: string;
  memberships?: { facility_id: string; roles: string[] }[];
}

export interface UserFilter {
  q?: string;
  facility_id?: string;
  limit?: number;
  cursor?: string;
}

const data = <T>(answer: { data: T }): T => answer.data;
const everything = { limit: 200 };

export const administration = {
  users: (query: UserFilter, signal?: AbortSignal) =>
    transport.send<Page<User>>("GET", "/api/users", { query: { ...query }, signal }).then(data),
  user: (id: string, signal?: AbortSignal) => transport.send<User>("GET", "/api/users/{id}", { path: { id }, signal }),
  createUser: (body: NewUser) => transport.send<User>("POST", "/api/users", { body }).then(data),
  changeUser: (id: string, body: { full_name?: string; email?: string | null; password?: string; is_active?: boolean; reset_otp?: boolean }, ifMatch: string | null) =>
    transport.send<User>("PATCH", "/api/users/{id}", { path: { id }, body, ifMatch }),

  createMembership: (body: { user_id: string; facility_id: string; roles: string[] }) =>
    transport.send<UserPlace>("POST", "/api/memberships", { body }).then(data),
  changeMembership: (id: string, body: { roles?: string[]; is_active?: boolean }) =>
    transport.send<UserPlace>("PATCH", "/api/memberships/{id}", { path: { id }, body }).then(data),

  roles: (signal?: AbortSignal) =>
    transport.send<Page<Role>>("GET", "/api/roles", { query: everything, signal }).then((answer) => answer.data.results),
  role: (id: string, signal?: AbortSignal) => transport.send<Role>("GET", "/api/roles/{id}", { path: { id }, signal }),
  createRole: (body: { code: string; name: string; permissions: string[] }) =>
    transport.send<Role>("POST", "/api/roles", { body }).then(data),
  changeRole: (id: string, body: { name?: string; permissions?: string[] }, ifMatch: string | null) =>
    transport.send<Role>("PATCH", "/api/roles/{id}", { path: { id }, body, ifMatch }).then(data),
  permissions: (signal?: AbortSignal) =>
    transport.send<Page<Permission>>("GET", "/api/permissions", { query: everything, signal }).then((answer) => answer.data.results),

  facilities: (signal?: AbortSignal) =>
    transport.send<Page<Facility>>("GET", "/api/facilities", { query: everything, signal }).then((answer) => answer.data.results),
  facility: (id: string, signal?: AbortSignal) => transport.send<Facility>("GET", "/api/facilities/{id}", { path: { id }, signal }),
  createFacility: (body: { code: string; name: string; time_zone?: string; mrn_pattern?: string; several_active_encounters?: boolean }) =>
    transport.send<Facility>("POST", "/api/facilities", { body }).then(data),
  changeFacility: (
    id: string,
    body: { name?: string; time_zone?: string; mrn_pattern?: string; several_active_encounters?: boolean; is_active?: boolean },
    ifMatch: string | null,
  ) => transport.send<Facility>("PATCH", "/api/facilities/{id}", { path: { id }, body, ifMatch }).then(data),
};
