import type { Warning } from "./ruled";

export type Priority = "ROUTINE" | "URGENT" | "STAT";
export interface CatalogService {
  code: string;
  name: string;
  order_type: string;
  pack: string;
  instructions: string;
  data_schema: unknown;
  panel: string[];
}
export interface OrderSet {
  code: string;
  name: string;
  pack: string;
  items: { service_code: string; name: string; order_type: string; quantity: number; instructions: string; data: Record<string, unknown> | null; priority: Priority }[];
}
export interface OrderItem {
  id: string;
  service_code: string;
  name: string;
  panel_code: string | null;
  status: "REQUESTED" | "IN_PROGRESS" | "COMPLETED" | "CANCELLED";
  priority: Priority;
  quantity: number;
  instructions: string | null;
  data: Record<string, unknown>;
  due_at: string | null;
  completed_at: string | null;
  cancelled_at: string | null;
  cancel_reason: string | null;
  actions: string[];
}
export interface Order {
  id: string;
  encounter_id: string;
  patient_id: string;
  patient: { id: string; full_name: string; mrn: string };
  pack: string;
  order_type: string;
  priority: Priority;
  status: "CREATED" | "IN_PROGRESS" | "COMPLETED" | "CANCELLED";
  note: string | null;
  items: OrderItem[];
  ordered_by: { id: string; full_name: string } | null;
  created_at: string;
  cancel_reason: string | null;
  warnings?: Warning[];
  actions: string[];
}
export interface NewOrder {
  order_type: string;
  priority?: Priority;
  items: { service_code: string; priority?: Priority; quantity?: number; instructions?: string; data?: Record<string, unknown> }[];
  note?: string;
}
