import { ApiError, session } from "@hm/client";
import i18next from "i18next";
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { Shell } from "../shell/Shell";
import { Failed, Missing, Pending } from "../shell/Fallbacks";
import { languageOf, speak } from "../i18n/translations";
import { queryClient, read } from "./queries";
import { settleScope } from "./scope";

const root = createRootRoute({ errorComponent: Failed, notFoundComponent: Missing });

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  // only a path of this app: never a way to another host
  validateSearch: (search): { to?: string } => {
    const to = text(search.to);
    return to && /^\/(?![/\\])/.test(to) ? { to } : {};
  },
  component: lazyRouteComponent(() => import("../screens/signin/SignIn"), "SignIn"),
});

/** For whoever holds a printed report: nobody signs in. */
const check = createRoute({
  getParentRoute: () => root,
  path: "/check/$token",
  component: lazyRouteComponent(() => import("../screens/check/Check"), "Check"),
});

/** Everything that needs a person: reads who it is, once. */
const person = createRoute({
  getParentRoute: () => root,
  id: "person",
  beforeLoad: async ({ location }) => {
    try {
      const me = await queryClient.ensureQueryData(read.me());
      if (session.status !== "expired") session.signedIn();
      // a browser is shared: each finds it in their own language
      const language = languageOf(me.user.id);
      if (language && language !== i18next.language) await speak(language);
      return { me };
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) throw redirect({ to: "/sign-in", search: { to: location.href } });
      throw error;
    }
  },
});

const chooseFacility = createRoute({
  getParentRoute: () => person,
  path: "/choose-facility",
  component: lazyRouteComponent(() => import("../screens/signin/ChooseFacility"), "ChooseFacility"),
});

/** Everything that needs a facility too: the shell stands around it. */
const workplace = createRoute({
  getParentRoute: () => person,
  id: "workplace",
  beforeLoad: async ({ context: { me } }) => {
    const membership = settleScope(me);
    if (!membership) throw redirect({ to: "/choose-facility" });
    // the pack's words and hue are there before the first screen; without them the app has its own
    await queryClient.ensureQueryData(read.workspace(membership.facility_id, i18next.language)).catch(() => null);
    return { membership };
  },
  component: Shell,
});

const home = createRoute({
  getParentRoute: () => workplace,
  path: "/",
  component: lazyRouteComponent(() => import("../shell/Home"), "Home"),
});

const desk = createRoute({
  getParentRoute: () => workplace,
  path: "/desk",
  component: lazyRouteComponent(() => import("../screens/desk/Desk"), "Desk"),
});
const deskIndex = createRoute({
  getParentRoute: () => desk,
  path: "/",
});
const walkIn = createRoute({
  getParentRoute: () => desk,
  path: "/walk-in",
  validateSearch: (search): { typed?: string } => ({ typed: text(search.typed) }),
  component: lazyRouteComponent(() => import("../screens/desk/WalkIn"), "WalkIn"),
});
const deskPatient = createRoute({
  getParentRoute: () => desk,
  path: "/patients/$patientId",
  component: lazyRouteComponent(() => import("../screens/desk/DeskPatient"), "DeskPatient"),
});

const triage = createRoute({
  getParentRoute: () => workplace,
  path: "/triage",
  validateSearch: (search): { encounter?: string } => ({ encounter: text(search.encounter) }),
  component: lazyRouteComponent(() => import("../screens/triage/Triage"), "Triage"),
});

const queue = createRoute({
  getParentRoute: () => workplace,
  path: "/queue",
  component: lazyRouteComponent(() => import("../screens/consult/Queue"), "Queue"),
});

export const padTabs = ["assessment", "orders", "note", "documents", "timeline"] as const;
export type PadTab = (typeof padTabs)[number];

const consult = createRoute({
  getParentRoute: () => workplace,
  path: "/consult/$encounterId",
  validateSearch: (search): { tab?: PadTab; template?: string } => ({
    tab: padTabs.find((tab) => tab === search.tab),
    template: text(search.template),
  }),
  component: lazyRouteComponent(() => import("../screens/consult/Consult"), "Consult"),
});

const chart = createRoute({
  getParentRoute: () => workplace,
  path: "/patients/$patientId",
  validateSearch: (search): { encounter?: string } => ({ encounter: text(search.encounter) }),
  component: lazyRouteComponent(() => import("../screens/chart/Chart"), "Chart"),
});

const orders = createRoute({
  getParentRoute: () => workplace,
  path: "/orders",
  component: lazyRouteComponent(() => import("../screens/orders/Orders"), "Orders"),
});

const tasks = createRoute({
  getParentRoute: () => workplace,
  path: "/tasks",
  component: lazyRouteComponent(() => import("../screens/tasks/Tasks"), "Tasks"),
});

const lab = createRoute({
  getParentRoute: () => workplace,
  path: "/lab",
  component: lazyRouteComponent(() => import("../screens/lab/Lab"), "Lab"),
});
const labIndex = createRoute({
  getParentRoute: () => lab,
  path: "/",
  component: lazyRouteComponent(() => import("../screens/lab/Lab"), "FirstTab"),
});
const labCollect = createRoute({
  getParentRoute: () => lab,
  path: "/collect",
  component: lazyRouteComponent(() => import("../screens/lab/Collect"), "Collect"),
});
const labReceive = createRoute({
  getParentRoute: () => lab,
  path: "/receive",
  component: lazyRouteComponent(() => import("../screens/lab/Receive"), "Receive"),
});
const labBench = createRoute({
  getParentRoute: () => lab,
  path: "/bench",
  validateSearch: (search): { section?: string } => ({ section: text(search.section) }),
  component: lazyRouteComponent(() => import("../screens/lab/Bench"), "Bench"),
});
/** What waits for a name, or what went out; and which of it is opened, so that Back leads to the list. */
export interface VerifySearch {
  section?: string;
  part?: "released";
  item?: string;
}

const labVerify = createRoute({
  getParentRoute: () => lab,
  path: "/verify",
  validateSearch: (search): VerifySearch => ({ section: text(search.section), part: search.part === "released" ? search.part : undefined, item: text(search.item) }),
  component: lazyRouteComponent(() => import("../screens/lab/Verify"), "Verify"),
});
/** The parts of quality control: today's runs, the lots, what is and was held. */
export const qualityParts = ["runs", "lots", "holds"] as const;
export type QualityPart = (typeof qualityParts)[number];

const labQuality = createRoute({
  getParentRoute: () => lab,
  path: "/quality",
  validateSearch: (search): { part?: QualityPart } => ({ part: qualityParts.find((part) => part === search.part) }),
  component: lazyRouteComponent(() => import("../screens/lab/quality/Quality"), "Quality"),
});
const labControlLot = createRoute({
  getParentRoute: () => lab,
  path: "/quality/$lotId",
  validateSearch: (search): { analyte?: string } => ({ analyte: text(search.analyte) }),
  component: lazyRouteComponent(() => import("../screens/lab/quality/LotPage"), "LotPage"),
});
const labTurnaround = createRoute({
  getParentRoute: () => lab,
  path: "/turnaround",
  component: lazyRouteComponent(() => import("../screens/lab/turnaround/Turnaround"), "Turnaround"),
});
const labSettings = createRoute({
  getParentRoute: () => lab,
  path: "/settings",
  component: lazyRouteComponent(() => import("../screens/lab/Settings"), "Settings"),
});

export const alertStatuses = ["OPEN", "ACKNOWLEDGED", "RESOLVED"] as const;
export const alertSeverities = ["CRITICAL", "WARNING", "INFO"] as const;

/** What the list of alerts shows, and which of them stands beside it. Without a status, those that are open. */
export interface AlertSearch {
  status?: (typeof alertStatuses)[number] | "ALL";
  severity?: (typeof alertSeverities)[number];
  mine?: boolean;
  alert?: string;
}

const alerts = createRoute({
  getParentRoute: () => workplace,
  path: "/alerts",
  validateSearch: (search): AlertSearch => ({
    status: ([...alertStatuses, "ALL"] as const).find((status) => status === search.status),
    severity: alertSeverities.find((severity) => severity === search.severity),
    mine: search.mine === true || undefined,
    alert: text(search.alert),
  }),
  component: lazyRouteComponent(() => import("../screens/alerts/Alerts"), "Alerts"),
});

/** The parts of the administration of messages. */
export const messageParts = ["texts", "deliveries"] as const;
export type MessagePart = (typeof messageParts)[number];

/** Where a message outside the app leads: to what it is about. */
const notification = createRoute({
  getParentRoute: () => workplace,
  path: "/notifications/$notificationId",
  component: lazyRouteComponent(() => import("../screens/notifications/Opened"), "Opened"),
});

const messages = createRoute({
  getParentRoute: () => workplace,
  path: "/admin/notifications",
  validateSearch: (search): { part?: MessagePart } => ({ part: messageParts.find((part) => part === search.part) }),
  component: lazyRouteComponent(() => import("../screens/admin/messages/Messages"), "Messages"),
});

const users = createRoute({
  getParentRoute: () => workplace,
  path: "/admin/users",
  component: lazyRouteComponent(() => import("../screens/admin/Users"), "Users"),
});

const roles = createRoute({
  getParentRoute: () => workplace,
  path: "/admin/roles",
  component: lazyRouteComponent(() => import("../screens/admin/Roles"), "Roles"),
});

const facilities = createRoute({
  getParentRoute: () => workplace,
  path: "/admin/facilities",
  component: lazyRouteComponent(() => import("../screens/admin/Facilities"), "Facilities"),
});

const rules = createRoute({
  getParentRoute: () => workplace,
  path: "/admin/rules",
  component: lazyRouteComponent(() => import("../screens/admin/Rules"), "Rules"),
});

const packs = createRoute({
  getParentRoute: () => workplace,
  path: "/admin/packs",
  component: lazyRouteComponent(() => import("../screens/admin/Packs"), "Packs"),
});

const pack = createRoute({
  getParentRoute: () => workplace,
  path: "/admin/packs/$packId",
  component: lazyRouteComponent(() => import("../screens/admin/PackPage"), "PackPage"),
});

const firings = createRoute({
  getParentRoute: () => workplace,
  path: "/admin/firings",
  component: lazyRouteComponent(() => import("../screens/admin/Firings"), "Firings"),
});

/** The parts of the alerts' administration. */
export const alertSetupParts = ["policies", "teams", "duties"] as const;
export type AlertSetupPart = (typeof alertSetupParts)[number];

const alertSetup = createRoute({
  getParentRoute: () => workplace,
  path: "/admin/alerts",
  validateSearch: (search): { part?: AlertSetupPart } => ({ part: alertSetupParts.find((part) => part === search.part) }),
  component: lazyRouteComponent(() => import("../screens/admin/alerts/AlertSetup"), "AlertSetup"),
});

const account = createRoute({
  getParentRoute: () => workplace,
  path: "/account",
  component: lazyRouteComponent(() => import("../screens/account/Account"), "Account"),
});

const audit = createRoute({
  getParentRoute: () => workplace,
  path: "/audit",
  component: lazyRouteComponent(() => import("../screens/audit/Audit"), "Audit"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    check,
    person.addChildren([
      chooseFacility,
      workplace.addChildren([
        home,
        desk.addChildren([deskIndex, walkIn, deskPatient]),
        triage,
        queue,
        consult,
        chart,
        orders,
        tasks,
        lab.addChildren([labIndex, labCollect, labReceive, labBench, labVerify, labQuality, labControlLot, labTurnaround, labSettings]),
        alerts,
        notification,
        messages,
        users,
        roles,
        facilities,
        rules,
        firings,
        alertSetup,
        packs,
        pack,
        audit,
        account,
      ]),
    ]),
  ]),
  defaultPendingComponent: Pending,
  defaultErrorComponent: Failed,
  defaultPreload: "intent",
  defaultPendingMs: 150,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
