import { ApiError, type EncounterFilter, type TaskFilter, administration, clinicaldocs, encounters, identity, patients, tasks } from "@hm/client";
import { QueryClient, queryOptions } from "@tanstack/react-query";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal will not change by asking again; a lost connection may.
      retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status < 500),
      retryDelay: (attempt) => 500 * 2 ** attempt,
    },
  },
});

/** What is read, by one name each: the first part of a key is the module that owns it. */
export const read = {
  me: () => queryOptions({ queryKey: ["me"], queryFn: ({ signal }) => identity.me(signal), staleTime: 5 * 60_000 }),

  facility: (id: string) =>
    queryOptions({
      queryKey: ["facilities", id],
      queryFn: ({ signal }) => administration.facility(id, signal).then(({ data, etag }) => ({ facility: data, etag })),
      staleTime: 5 * 60_000,
    }),

  user: (id: string) =>
    queryOptions({ queryKey: ["users", id], queryFn: ({ signal }) => administration.user(id, signal).then(({ data, etag }) => ({ user: data, etag })) }),
  roles: () => queryOptions({ queryKey: ["roles"], queryFn: ({ signal }) => administration.roles(signal) }),
  permissions: () =>
    queryOptions({ queryKey: ["permissions"], queryFn: ({ signal }) => administration.permissions(signal), staleTime: 5 * 60_000 }),
  facilities: () => queryOptions({ queryKey: ["facilities", "list"], queryFn: ({ signal }) => administration.facilities(signal) }),

  patientSearch: (q: string) =>
    queryOptions({
      queryKey: ["patients", "search", q],
      queryFn: ({ signal }) => patients.search({ q, limit: 20 }, signal),
      enabled: q.length > 0,
    }),
  patient: (id: string) =>
    queryOptions({
      queryKey: ["patients", id],
      queryFn: ({ signal }) => patients.get(id, signal).then(({ data, etag }) => ({ patient: data, etag })),
    }),
  duplicates: (of: { full_name: string; date_of_birth?: string; phone?: string }) =>
    queryOptions({
      queryKey: ["patients", "duplicates", of],
      queryFn: ({ signal }) => patients.duplicates(of, signal),
      enabled: of.full_name.trim().length >= 3,
    }),

  encounters: (filter: EncounterFilter) =>
    queryOptions({
      queryKey: ["encounters", "list", filter],
      queryFn: ({ signal }) => encounters.list({ limit: 200, ...filter }, signal),
    }),
  encounter: (id: string) =>
    queryOptions({ queryKey: ["encounters", id], queryFn: ({ signal }) => encounters.get(id, signal) }),
  closeGate: (id: string) =>
    queryOptions({ queryKey: ["encounters", id, "close-gate"], queryFn: ({ signal }) => encounters.closeGate(id, signal) }),
  entries: (id: string) =>
    queryOptions({ queryKey: ["encounters", id, "entries"], queryFn: ({ signal }) => encounters.entries(id, signal) }),
  timeline: (id: string) =>
    queryOptions({ queryKey: ["encounters", id, "timeline"], queryFn: ({ signal }) => encounters.timeline(id, signal) }),

  tasks: (filter: TaskFilter) =>
    queryOptions({
      queryKey: ["tasks", "list", filter],
      queryFn: ({ signal }) => tasks.list({ limit: 200, ...filter }, signal),
    }),

  templates: () =>
    queryOptions({ queryKey: ["templates"], queryFn: ({ signal }) => clinicaldocs.templates(signal), staleTime: 5 * 60_000 }),
  template: (code: string, version?: string) =>
    queryOptions({
      queryKey: ["templates", code, version ?? "current"],
      queryFn: ({ signal }) => clinicaldocs.template(code, version, signal),
      staleTime: version ? Number.POSITIVE_INFINITY : 5 * 60_000,
    }),
  documents: (of: { encounter_id?: string; patient_id?: string; include_drafts?: boolean }) =>
    queryOptions({ queryKey: ["clinicaldocs", "latest", of], queryFn: ({ signal }) => clinicaldocs.latest(of, signal) }),
};

/** Reads again what an act may have changed. */
export function changed(...modules: ("patients" | "encounters" | "tasks" | "clinicaldocs" | "audit" | "users" | "roles" | "facilities")[]): Promise<unknown> {
  return Promise.all(modules.map((module) => queryClient.invalidateQueries({ queryKey: [module] })));
}
