import type { PathFor, Query } from "../request";
import { transport } from "../transport";
import type { Task, TaskStatus } from "../types";

export interface TaskFilter {
  encounter_id?: string;
  status?: TaskStatus;
  assigned_to_id?: string;
  mine?: boolean;
  overdue?: boolean;
  code?: string;
  ordering?: "created_at" | "-created_at" | "due_at" | "-due_at";
  limit?: number;
  cursor?: string;
}

type Act = Extract<PathFor<"POST">, `/api/tasks/{id}/${string}`>;

const act =
  (path: Act) =>
  (id: string): Promise<Task> =>
    transport.send("POST", path, { path: { id } }).then((answer) => answer.data);

export const tasks = {
  list: (query: TaskFilter, signal?: AbortSignal) =>
    transport.send("GET", "/api/tasks", { query: query as Query, signal }).then((answer) => answer.data),
  create: (encounter_id: string, code: string) =>
    transport.send("POST", "/api/tasks", { body: { encounter_id, code } }).then((answer) => answer.data),
  assign: (id: string, assigned_to_id: string) =>
    transport
      .send("POST", "/api/tasks/{id}/assign", { path: { id }, body: { assigned_to_id } })
      .then((answer) => answer.data),
  unassign: act("/api/tasks/{id}/unassign"),
  start: act("/api/tasks/{id}/start"),
  complete: act("/api/tasks/{id}/complete"),
  reopen: act("/api/tasks/{id}/reopen"),
  cancel: act("/api/tasks/{id}/cancel"),
};
