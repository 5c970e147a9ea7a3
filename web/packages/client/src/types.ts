import type { components, paths } from "./schema";

/** The shapes of the HTTP contract that the apps use, by the names they use. */
type Schemas = components["schemas"];

/** An address of the API, its parts in braces. */
export type ApiPath = keyof paths;

export type Timestamp = string;
export type CalendarDate = string;

export type Me = Schemas["IamMe"];
export type Membership = Schemas["IamMeMembership"];

export type Patient = Schemas["PatientsPatient"];
export type Duplicate = Schemas["PatientsDuplicate"];
export type NewPatient = Schemas["PatientsRegisterInputBody"];
export type PatientChange = Schemas["PatientsUpdateInputBody"];
export type Gender = Patient["gender"];

export type Encounter = Schemas["EncountersEncounter"];
export type EncounterStatus = Encounter["status"];
/** The types every system has; packs may add others. */
export type EncounterType = "OPD" | "IPD" | "EMERGENCY" | "CONSULTATION" | "DAYCARE" | "TELECONSULT";
export type NewEncounter = Schemas["EncountersCreateInputBody"];
export type EncounterChange = Schemas["EncountersUpdateInputBody"];
export type CloseGate = Schemas["EncountersCloseGate"];
export type TimelineItem = Schemas["EncountersTimelineItem"];

export type Vitals = Schemas["EncountersVitals"];
export type Assessment = Schemas["EncountersapiAssessment"];
export type Plan = Schemas["EncountersapiPlan"];
export type Note = Schemas["EncountersapiNote"];

export type EntryKind = "VITALS" | "ASSESSMENT" | "PLAN" | "NOTE";

export interface EntryContents {
  VITALS: Vitals;
  ASSESSMENT: Assessment;
  PLAN: Plan;
  NOTE: Note;
}

/** A document row of an encounter: its kind says what its content is. */
export type Entry<K extends EntryKind = EntryKind> = {
  [Kind in K]: Omit<Schemas["EncountersDocument"], "kind" | "content"> & { kind: Kind; content: EntryContents[Kind] };
}[K];

export type Task = Schemas["TasksTask"];
export type TaskStatus = Task["status"];

export type ClinicalDocument = Schemas["ClinicaldocsDocument"];
export type Template = Schemas["PacksapiTemplateDocument"];

export type AuditEvent = Schemas["AuditEntry"];
export type AuditVerification = Schemas["AuditReport"];

export type AuditProof = Schemas["AuditProof"];

export type Rule = Schemas["RulesRule"];
export type RuleTrial = Schemas["RulesTrial"];
export type RuleFiring = Schemas["RulesFiring"];
export type RuleTuning = Schemas["RulesTuneInputBody"];

export type User = Schemas["IamUser"];
export type NewUser = Schemas["IamCreateUserInputBody"];
export type UserChange = Schemas["IamUpdateUserInputBody"];
export type Role = Schemas["IamRole"];
export type Permission = Schemas["IamPermission"];

export type Facility = Schemas["FacilitiesFacility"];
export type NewFacility = Schemas["FacilitiesCreateInputBody"];
export type FacilityChange = Schemas["FacilitiesUpdateInputBody"];

/** What the packs make of a frontend for this person at this facility. */
export type Workspace = Schemas["PacksWorkspace"];
export type WorkspacePack = Schemas["PacksWorkspacePack"];
export type WorkflowStep = Schemas["PacksWorkspaceStep"];
export type ChartCard = Schemas["PacksapiChartCard"];
export type PackTool = Schemas["PacksapiToolSetting"];

export type CatalogService = Schemas["OrdersService"];
export type OrderSet = Schemas["OrdersOrderSet"];
export type Order = Schemas["OrdersapiOrder"];
export type OrderItem = Schemas["OrdersapiItem"];
export type Priority = OrderItem["priority"];
/** An order without the visit it is made in; what is left out is as the server has it by default. */
export interface NewOrder {
  order_type: string;
  priority?: Priority;
  items: (Pick<RequestItem, "service_code"> & Partial<RequestItem>)[];
  note?: string;
}
type RequestItem = Schemas["OrdersapiRequestItem"];

export type Observation = Schemas["ClinicaldocsObservation"];

export type RepertoryEdition = Schemas["RepertoryEdition"];
export type RepertoryRubric = Schemas["RepertoryRubric"];
export type RepertoryAnalysis = Schemas["RepertoryAnalysis"];
export type RepertoryCase = Schemas["RepertoryAnalyseInputBody"];

export type Pack = Schemas["PacksPackSummary"];
/** A pack with its versions and forms. */
export type PackDetails = Schemas["PacksInstalledPack"];
/** A third party's tool that this tenant lets run, by address and hash. */
export type AllowedTool = Schemas["PacksAllowedTool"];

export type LabPatient = Schemas["LabapiPatient"];
export type LabSample = Schemas["LabapiSample"];
/** One version of what a test found. */
export type LabResult = Schemas["LabapiResult"];
export type LabValue = Schemas["LabapiValue"];
export type LabFlag = NonNullable<LabValue["flag"]>;
/** A tube that is to be taken. */
export type CollectionRow = Schemas["LabTube"];
/** A test at work, with all that a bench needs for it. */
export type WorklistRow = Schemas["LabWork"];
export type BenchAnalyte = Schemas["LabWorkAnalyte"];
export type LabAnalyte = Schemas["LabAnalyteInfo"];
export type RejectionReason = Schemas["LabRejectionReason"];
export type LabTrend = Schemas["LabTrend"];
export type LabSettings = Schemas["LabSettings"];
export type LabSettingsChange = Schemas["LabSaveSettingsInputBody"];
export type NewLabSample = Schemas["LabCollectInputBody"];
export interface NewLabResult {
  order_item_id: string;
  /** Each as it was typed, in its own digits; null takes back what the version before told. */
  values: { code: string; value: string | number | null; unit?: string }[];
  /** The version that whoever types has seen: 0 where there was none. */
  expected_version?: number;
  comment?: string;
  correction_reason?: string;
}
/** Who was called about a critical value, and that they read it back. */
export type LabReport = Schemas["LabprintReport"];
export type LabReportCheck = Schemas["LabprintChecked"];
export type LabReportLayout = Schemas["LabprintLayout"];
export type LabReportLayoutChange = Schemas["LabprintPutLayoutInputBody"];
export type CriticalCall = Schemas["LabNotice"];

/** What somebody must look at. */
export type Alert = Schemas["AlertsAlert"];
export type AlertStatus = Alert["status"];
export type AlertSeverity = Alert["severity"];
export type AlertPolicy = Schemas["AlertsPolicy"];
export type AlertStep = Schemas["AlertsStep"];
export type AlertPolicyChange = Schemas["AlertsPutPolicyInputBody"];
export type AlertTeam = Schemas["AlertsTeam"];
export type NewAlertTeam = Schemas["AlertsCreateTeamInputBody"];
export type AlertTeamChange = Schemas["AlertsUpdateTeamInputBody"];
/** Who answers for a role or a team at a time. */
export type AlertDuty = Schemas["AlertsDuty"];
export type NewAlertDuty = Schemas["AlertsCreateDutyInputBody"];
/** How long the alerts of a kind waited. */
export type AlertTimes = Schemas["AlertsKindTimes"];

/** Something its reader was told. */
export type Notification = Schemas["NotificationsNotification"];
export type Preferences = Schemas["NotificationsPreferences"];
export type NewPreferences = Schemas["NotificationsSavePreferencesInputBody"];
export type BySeverity = Schemas["NotificationsBySeverity"];
/** How a message reads. */
export type MessageTemplate = Schemas["NotificationsTemplate"];
export type MessageChannel = MessageTemplate["channel"];
export type MessageText = Pick<Schemas["NotificationsSaveTemplateInputBody"], "kind" | "channel" | "language" | "subject" | "body">;
export type MessageSettings = Schemas["NotificationsSettings"];
/** What became of a message. */
export type Delivery = Schemas["NotificationsDelivery"];
export type DeliveryStatus = Delivery["status"];
