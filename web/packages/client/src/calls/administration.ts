import { transport } from "../transport";
import type { Facility, Page, Role, User } from "../types";

export interface NewUser {
  username: string;
  full_name: string;
  email?: string;
  password: string;
  memberships?: { facility_id: string; roles: string[] }[];
}

export const administration = {
  users: (query: { limit?: number; cursor?: string } = {}, signal?: AbortSignal) =>
    transport.send<Page<User>>("GET", "/api/users", { query, signal }).then((answer) => answer.data),
  createUser: (body: NewUser) => transport.send<User>("POST", "/api/users", { body }).then((answer) => answer.data),
  roles: (signal?: AbortSignal) =>
    transport.send<Page<Role>>("GET", "/api/roles", { query: { limit: 200 }, signal }).then((answer) => answer.data.results),
  facilities: (signal?: AbortSignal) =>
    transport
      .send<Page<Facility>>("GET", "/api/facilities", { query: { limit: 200 }, signal })
      .then((answer) => answer.data.results),
  facility: (id: string, signal?: AbortSignal) => transport.send<Facility>("GET", "/api/facilities/{id}", { path: { id }, signal }),
};
