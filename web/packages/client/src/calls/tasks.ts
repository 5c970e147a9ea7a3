import type { Query } from "../request";
import { transport } from "../transport";
import type { Page, Task, TaskStatus } from "../types";

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

const act =
  (path: `/api/tasks/{id}/${string}`) =>
  (id: string): Promise<Task> =>
    transport.send<Task>("POST", path, { path: { id } }).then((answer) => answer.data);

export const tasks = {
  list: (query: TaskFilter, signal?: AbortSignal) =>
    transport.send<Page<Task>>("GET", "/api/tasks", { query: query as Query, signal }).then((answer) => answer.data),
  assign: (id: string, assigned_to_id: string) =>
    transport
      .send<Task>("POST", "/api/tasks/{id}/assign", { path: { id }, body: { assigned_to_id } })
      .then((answer) => answer.data),
  unassign: act("/api/tasks/{id}/unassign"),
  start: act("/api/tasks/{id}/start"),
  complete: act("/api/tasks/{id}/complete"),
  reopen: act("/api/tasks/{id}/reopen"),
  cancel: act("/api/tasks/{id}/cancel"),
};
