import { type AlertFilter, ApiError, type CollectionFilter, type ControlLotFilter, type DeliveryFilter, type EncounterFilter, type KnownWorkspace, type LabReportFilter, type OrderFilter, type ResultFilter, type SampleFilter, type TaskFilter, type WorklistFilter, administration, alerts, catalog, clinicaldocs, encounters, identity, lab, labprint, notifications, orders, packs, patients, qualitycontrol, rules, tasks, workspace } from "@hm/client";
import { QueryClient, infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { daysPresent, isPresent } from "../parts/present";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal will not change by asking again; a lost connection may.
      retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status < 500),
      retryDelay: (attempt) => 500 * 2 ** attempt,
    },
    // Without a connection an act fails at once and says so. Kept back it would look like work, and go out much later
    // when nobody looks any more.
    mutations: { networkMode: "always" },
  },
});

/** What is read, by one name each: the first part of a key is the module that owns it. */
export const read = {
  me: () => queryOptions({ queryKey: ["me"], queryFn: ({ signal }) => identity.me(signal), staleTime: 5 * 60_000 }),

  secondStep: () => queryOptions({ queryKey: ["me", "second-step"], queryFn: ({ signal }) => identity.secondStep(signal) }),

  /** By facility and language: the tab's scope and the server's words are part of what is asked. */
  workspace: (facilityId: string, language: string) =>
    queryOptions({
      queryKey: ["workspace", facilityId, language],
      queryFn: ({ signal, client, queryKey }) => workspace.get(client.getQueryData<KnownWorkspace>(queryKey), signal),
      staleTime: 60_000,
      retry: false,
    }),

  facility: (id: string) =>
    queryOptions({
      queryKey: ["facilities", id],
      queryFn: ({ signal }) => administration.facility(id, signal).then(({ data, etag }) => ({ facility: data, etag })),
      staleTime: 5 * 60_000,
    }),

  user: (id: string) =>
    queryOptions({ queryKey: ["users", id], queryFn: ({ signal }) => administration.user(id, signal).then(({ data, etag }) => ({ user: data, etag })) }),
  /** Everybody who works at a facility, for names and for giving work to. */
  colleagues: (facilityId: string) =>
    queryOptions({
      queryKey: ["users", "at", facilityId],
      queryFn: ({ signal }) => everyPage((cursor) => administration.users({ facility_id: facilityId, is_active: true, limit: 200, cursor }, signal)),
      staleTime: 5 * 60_000,
    }),
  roles: () => queryOptions({ queryKey: ["roles"], queryFn: ({ signal }) => administration.roles(signal) }),
  permissions: () =>
    queryOptions({ queryKey: ["permissions"], queryFn: ({ signal }) => administration.permissions(signal), staleTime: 5 * 60_000 }),
  facilities: () => queryOptions({ queryKey: ["facilities", "list"], queryFn: ({ signal }) => administration.facilities(signal) }),

  /** Of a pack and those it extends, or of every pack of the facility. */
  rules: (pack?: string) => queryOptions({ queryKey: ["rules", "of", pack ?? ""], queryFn: ({ signal }) => rules.list(pack, signal) }),
  ruleFirings: () =>
    infiniteQueryOptions({
      queryKey: ["rules", "firings"],
      queryFn: ({ pageParam, signal }) => rules.firings({ cursor: pageParam }, signal),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  packs: () => queryOptions({ queryKey: ["packs", "list"], queryFn: ({ signal }) => packs.list(signal) }),
  pack: (id: string) => queryOptions({ queryKey: ["packs", id], queryFn: ({ signal }) => packs.get(id, signal) }),
  allowedTools: () => queryOptions({ queryKey: ["packs", "allowed-tools"], queryFn: ({ signal }) => packs.allowedTools(signal) }),
  /** All that a pack's catalogue holds. */
  services: (pack: string) =>
    queryOptions({ queryKey: ["catalog", pack, "all"], queryFn: ({ signal }) => everyPage((cursor) => catalog.search({ pack, limit: 200, cursor }, signal)), staleTime: 5 * 60_000 }),

  rule: (code: string) =>
    queryOptions({ queryKey: ["rules", code], queryFn: ({ signal }) => rules.get(code, signal).then(({ data, etag }) => ({ rule: data, etag })) }),

  patientSearch: (q: string) =>
    queryOptions({
      queryKey: ["patients", "search", q],
      queryFn: ({ signal }) => patients.search({ q, limit: 20 }, signal),
      enabled: q.length > 0,
    }),
  patientPages: (q: string) =>
    infiniteQueryOptions({
      queryKey: ["patients", "pages", q],
      queryFn: ({ pageParam, signal }) => patients.search({ q, limit: 50, cursor: pageParam }, signal),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
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

  /** Every encounter of a day or of a patient: lists that are counted and put in order as a whole. */
  encounters: (filter: EncounterFilter) =>
    queryOptions({
      queryKey: ["encounters", "list", filter],
      queryFn: ({ signal }) => everyPage((cursor) => encounters.list({ limit: 200, ...filter, cursor }, signal)),
    }),
  /** Who is in the house now, in this status. */
  present: (timeZone: string, status: EncounterFilter["status"]) => {
    const days = daysPresent(timeZone);
    return queryOptions({
      queryKey: ["encounters", "list", "present", days, status],
      queryFn: async ({ signal }) => {
        const lists = await Promise.all(days.map((date) => everyPage((cursor) => encounters.list({ limit: 200, date, status, cursor }, signal))));
        return lists.flat().filter((encounter) => isPresent(encounter, timeZone));
      },
    });
  },
  encounter: (id: string) =>
    queryOptions({ queryKey: ["encounters", id], queryFn: ({ signal }) => encounters.get(id, signal) }),
  taggedEncounter: (id: string) =>
    queryOptions({
      queryKey: ["encounters", id, "tagged"],
      queryFn: ({ signal }) => encounters.tagged(id, signal).then(({ data, etag }) => ({ encounter: data, etag })),
    }),
  closeGate: (id: string) =>
    queryOptions({ queryKey: ["encounters", id, "close-gate"], queryFn: ({ signal }) => encounters.closeGate(id, signal) }),
  entries: (id: string) =>
    queryOptions({ queryKey: ["encounters", id, "entries"], queryFn: ({ signal }) => encounters.entries(id, signal) }),
  timeline: (id: string) =>
    queryOptions({ queryKey: ["encounters", id, "timeline"], queryFn: ({ signal }) => encounters.timeline(id, signal) }),

  tasks: (filter: TaskFilter) =>
    queryOptions({
      queryKey: ["tasks", "list", filter],
      queryFn: ({ signal }) => everyPage((cursor) => tasks.list({ limit: 200, ...filter, cursor }, signal)),
    }),
  /** Tasks page by page, for lists that only grow. */
  taskPages: (filter: TaskFilter) =>
    infiniteQueryOptions({
      queryKey: ["tasks", "pages", filter],
      queryFn: ({ pageParam, signal }) => tasks.list({ limit: 100, ...filter, cursor: pageParam }, signal),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
    }),

  /** The forms of a pack; of the facility's first without one. */
  templates: (pack?: string) =>
    queryOptions({ queryKey: ["templates", "of", pack ?? ""], queryFn: ({ signal }) => clinicaldocs.templates(pack, signal), staleTime: 5 * 60_000 }),
  template: (code: string, version?: string, pack?: string) =>
    queryOptions({
      queryKey: ["templates", pack ?? "", code, version ?? "current"],
      queryFn: ({ signal }) => clinicaldocs.template(code, version, pack, signal),
      staleTime: version ? Number.POSITIVE_INFINITY : 5 * 60_000,
    }),
  carryOver: (encounterId: string, templateCode: string) =>
    queryOptions({ queryKey: ["clinicaldocs", "carry-over", encounterId, templateCode], queryFn: ({ signal }) => clinicaldocs.carryOver(encounterId, templateCode, signal), staleTime: 60_000 }),
  /** What of the catalogue answers to a search; an empty one asks nothing. */
  catalog: (q: string, pack: string, order_type?: string) =>
    queryOptions({
      queryKey: ["catalog", pack, order_type ?? "", q],
      queryFn: ({ signal }) => catalog.search({ q, pack, order_type, limit: 20 }, signal).then(({ results }) => results),
      enabled: q.length > 0,
      staleTime: 5 * 60_000,
    }),
  orderSets: (pack: string) => queryOptions({ queryKey: ["catalog", pack, "order-sets"], queryFn: ({ signal }) => catalog.orderSets(pack, signal), staleTime: 5 * 60_000 }),
  orders: (filter: OrderFilter) =>
    queryOptions({ queryKey: ["orders", "list", filter], queryFn: ({ signal }) => everyPage((cursor) => orders.list({ limit: 200, ...filter, cursor }, signal)) }),
  orderPages: (filter: OrderFilter) =>
    infiniteQueryOptions({
      queryKey: ["orders", "pages", filter],
      queryFn: ({ pageParam, signal }) => orders.list({ limit: 50, ...filter, cursor: pageParam }, signal),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
    }),

  /** Every tube that is still to be taken: it is grouped and counted as a whole. */
  collectionList: (filter: CollectionFilter) =>
    queryOptions({ queryKey: ["lab", "collection-list", filter], queryFn: ({ signal }) => everyPage((cursor) => lab.collectionList({ limit: 200, ...filter, cursor }, signal)) }),
  samples: (filter: SampleFilter) =>
    queryOptions({ queryKey: ["lab", "samples", filter], queryFn: ({ signal }) => lab.samples({ limit: 50, ...filter }, signal).then(({ results }) => results) }),
  /** What a test measures; one that the facility's first pack does not know is answered as none. */
  analytesOf: (service_code: string) =>
    queryOptions({
      queryKey: ["lab", "analytes", service_code],
      queryFn: ({ signal }) => lab.analytes({ service_code }, signal).then(({ results }) => results, (error: unknown) => (error instanceof ApiError && error.status === 404 ? [] : Promise.reject(error))),
      staleTime: 5 * 60_000,
    }),
  rejectionReasons: () => queryOptions({ queryKey: ["lab", "rejection-reasons"], queryFn: ({ signal }) => lab.rejectionReasons(signal), staleTime: 60 * 60_000 }),
  worklist: (filter: WorklistFilter) =>
    queryOptions({ queryKey: ["lab", "worklist", filter], queryFn: ({ signal }) => everyPage((cursor) => lab.worklist({ limit: 200, ...filter, cursor }, signal)) }),
  /** What waits for a name. Verified ones are read last: what is verified meanwhile is then found twice, never missed. */
  verifyQueue: (filter: Omit<WorklistFilter, "status">) =>
    queryOptions({
      queryKey: ["lab", "worklist", "verify", filter],
      queryFn: async ({ signal }) => {
        const those = (status: "ENTERED" | "VERIFIED") => everyPage((cursor) => lab.worklist({ limit: 200, ...filter, status, cursor }, signal));
        const entered = await those("ENTERED");
        return [...entered, ...(await those("VERIFIED"))];
      },
    }),
  labResults: (filter: ResultFilter) =>
    queryOptions({ queryKey: ["lab", "results", filter], queryFn: ({ signal }) => lab.results({ limit: 100, ...filter }, signal).then(({ results }) => results) }),
  /** Null where it is not for the caller yet. */
  labResult: (id: string) =>
    queryOptions({ queryKey: ["lab", "results", id], queryFn: ({ signal }) => lab.result(id, signal).catch((error: unknown) => (error instanceof ApiError && error.status === 404 ? null : Promise.reject(error))) }),
  labResultHistory: (id: string) => queryOptions({ queryKey: ["lab", "results", id, "history"], queryFn: ({ signal }) => lab.history(id, signal) }),
  labTrend: (patient_id: string, code: string) => queryOptions({ queryKey: ["lab", "trends", patient_id, code], queryFn: ({ signal }) => lab.trends({ patient_id, code }, signal) }),
  labSettings: () => queryOptions({ queryKey: ["lab", "settings"], queryFn: ({ signal }) => lab.settings(signal).then(({ data, etag }) => ({ settings: data, etag })) }),

  labReports: (filter: LabReportFilter) => queryOptions({ queryKey: ["labprint", "reports", filter], queryFn: ({ signal }) => labprint.reports({ limit: 200, ...filter }, signal).then(({ results }) => results) }),
  labReportLayout: () => queryOptions({ queryKey: ["labprint", "layout"], queryFn: ({ signal }) => labprint.layout(signal).then(({ data, etag }) => ({ layout: data, etag })) }),
  labReportCheck: (token: string) => queryOptions({ queryKey: ["labprint", "check", token], queryFn: ({ signal }) => labprint.check(token, signal) }),

  /** Alerts page by page, the newest first. */
  alertPages: (filter: AlertFilter) =>
    infiniteQueryOptions({
      queryKey: ["alerts", "pages", filter],
      queryFn: ({ pageParam, signal }) => alerts.list({ limit: 50, ...filter, cursor: pageParam }, signal),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  /** The newest of some alerts, and how many there are. */
  alerts: (filter: AlertFilter) => queryOptions({ queryKey: ["alerts", "list", filter], queryFn: ({ signal }) => alerts.list({ limit: 20, count: true, ...filter }, signal) }),
  alert: (id: string) => queryOptions({ queryKey: ["alerts", id], queryFn: ({ signal }) => alerts.get(id, signal) }),
  alertAnalytics: (since: string) => queryOptions({ queryKey: ["alerts", "analytics", since], queryFn: ({ signal }) => alerts.analytics({ since }, signal) }),
  alertPolicies: () => queryOptions({ queryKey: ["alertPolicies"], queryFn: ({ signal }) => alerts.policies(signal) }),
  alertPolicy: (kind: string) =>
    queryOptions({ queryKey: ["alertPolicies", kind], queryFn: ({ signal }) => alerts.policy(kind, signal).then(({ data, etag }) => ({ policy: data, etag })) }),
  alertTeams: () => queryOptions({ queryKey: ["alertTeams"], queryFn: ({ signal }) => alerts.teams(signal) }),
  alertDuties: (since: string) => queryOptions({ queryKey: ["alertDuties", since], queryFn: ({ signal }) => everyPage((cursor) => alerts.duties({ since, limit: 200, cursor }, signal)) }),

  controlAnalytes: () => queryOptions({ queryKey: ["qualitycontrol", "analytes"], queryFn: ({ signal }) => qualitycontrol.analytes(signal), staleTime: 5 * 60_000 }),
  turnaround: (query: { since: string; by: "service" | "section" | "priority" }) =>
    queryOptions({ queryKey: ["lab", "turnaround", query], queryFn: ({ signal }) => lab.turnaround(query, signal), refetchInterval: 60_000 }),
  /** Control lots in the order of their material and level, as they stand in the refrigerator. */
  controlLots: (filter: ControlLotFilter) =>
    queryOptions({ queryKey: ["qualitycontrol", "lots", filter], queryFn: ({ signal }) => everyPage((cursor) => qualitycontrol.lots({ limit: 200, ...filter, cursor }, signal)) }),
  controlLot: (id: string) =>
    queryOptions({ queryKey: ["qualitycontrol", "lots", id], queryFn: ({ signal }) => qualitycontrol.lot(id, signal).then(({ data, etag }) => ({ lot: data, etag })) }),
  /** The newest runs of an analyte in a lot: as many as a chart can show. */
  controlRuns: (id: string, analyte: string) =>
    queryOptions({ queryKey: ["qualitycontrol", "runs", id, analyte], queryFn: ({ signal }) => qualitycontrol.runs(id, { analyte, limit: 60 }, signal).then(({ results }) => results) }),
  controlHolds: (status: string) => queryOptions({ queryKey: ["qualitycontrol", "holds", status], queryFn: ({ signal }) => qualitycontrol.holds({ status, limit: 100 }, signal).then(({ results }) => results) }),
  controlHold: (id: string) =>
    queryOptions({ queryKey: ["qualitycontrol", "holds", "one", id], queryFn: ({ signal }) => qualitycontrol.hold(id, signal).then(({ data, etag }) => ({ hold: data, etag })) }),

  unreadNotifications: () => queryOptions({ queryKey: ["notifications", "unread"], queryFn: ({ signal }) => notifications.unread(signal) }),
  notificationPages: () =>
    infiniteQueryOptions({
      queryKey: ["notifications", "pages"],
      queryFn: ({ pageParam, signal }) => notifications.list({ limit: 30, cursor: pageParam }, signal),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  notificationPreferences: () =>
    queryOptions({ queryKey: ["messages", "preferences"], queryFn: ({ signal }) => notifications.preferences(signal).then(({ data, etag }) => ({ preferences: data, etag })) }),
  pushBrowsers: () => queryOptions({ queryKey: ["messages", "browsers"], queryFn: ({ signal }) => notifications.browsers(signal) }),
  /** How every message reads, in every language. */
  messageTemplates: () => queryOptions({ queryKey: ["messages", "templates"], queryFn: ({ signal }) => everyPage((cursor) => notifications.templates({ cursor }, signal)) }),
  messageSettings: () =>
    queryOptions({ queryKey: ["messages", "settings"], queryFn: ({ signal }) => notifications.settings(signal).then(({ data, etag }) => ({ settings: data, etag })), refetchInterval: 30_000 }),
  deliveryPages: (filter: DeliveryFilter) =>
    infiniteQueryOptions({
      queryKey: ["messages", "deliveries", filter],
      queryFn: ({ pageParam, signal }) => notifications.deliveries({ ...filter, cursor: pageParam }, signal),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.next ?? undefined,
      refetchInterval: 15_000,
    }),

  documentHistory: (id: string) =>
    queryOptions({ queryKey: ["clinicaldocs", id, "history"], queryFn: ({ signal }) => clinicaldocs.history(id, signal) }),
  documents: (of: { encounter_id?: string; patient_id?: string; include_drafts?: boolean }) =>
    queryOptions({ queryKey: ["clinicaldocs", "latest", of], queryFn: ({ signal }) => clinicaldocs.latest(of, signal) }),
};

/** Follows a list's cursor to its end. */
async function everyPage<Row>(page: (cursor: string | undefined) => Promise<{ results: Row[]; next: string | null }>): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const { results, next } = await page(cursor);
    rows.push(...results);
    cursor = next ?? undefined;
  } while (cursor);
  return rows;
}

/** Reads again what an act may have changed. */
export function changed(...modules: ("patients" | "encounters" | "tasks" | "clinicaldocs" | "audit" | "users" | "roles" | "facilities" | "rules" | "workspace" | "orders" | "packs" | "templates" | "catalog" | "lab" | "labprint" | "qualitycontrol" | "alerts" | "alertPolicies" | "alertTeams" | "alertDuties" | "notifications" | "messages")[]): Promise<unknown> {
  return Promise.all(modules.map((module) => queryClient.invalidateQueries({ queryKey: [module] })));
}
