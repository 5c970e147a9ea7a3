import { transport } from "../transport";
import type { DeliveryStatus, MessageChannel, MessageText, NewPreferences } from "../types";

export interface NotificationFilter {
  is_read?: "true" | "false";
  count?: boolean;
  limit?: number;
  cursor?: string;
}

export interface DeliveryFilter {
  status?: DeliveryStatus[];
  channel?: Exclude<MessageChannel, "in_app">;
  limit?: number;
  cursor?: string;
}

const data = <T>(answer: { data: T }): T => answer.data;

export const notifications = {
  list: (query: NotificationFilter, signal?: AbortSignal) => transport.send("GET", "/api/notifications", { query: { ...query }, signal }).then(data),
  unread: (signal?: AbortSignal) => transport.send("GET", "/api/notifications/unread", { signal }).then((answer) => answer.data.unread),
  get: (id: string, signal?: AbortSignal) => transport.send("GET", "/api/notifications/{id}", { path: { id }, signal }).then(data),
  markRead: (id: string) => transport.send("POST", "/api/notifications/{id}/mark-read", { path: { id } }).then(data),
  /** Those made until a time: what came since nobody has seen. */
  markAllRead: (until: string) => transport.send("POST", "/api/notifications/mark-all-read", { body: { until } }).then(data),

  preferences: (signal?: AbortSignal) => transport.send("GET", "/api/notifications/preferences", { signal }),
  savePreferences: (body: NewPreferences, ifMatch: string | null) => transport.send("PUT", "/api/notifications/preferences", { body, ifMatch }),
  pushKey: (signal?: AbortSignal) => transport.send("GET", "/api/notifications/push-key", { signal }).then((answer) => answer.data.key),
  browsers: (signal?: AbortSignal) => transport.send("GET", "/api/notifications/push-subscriptions", { signal }).then((answer) => answer.data.results),
  subscribe: (endpoint: string, keys: { p256dh: string; auth: string }, device: string) => transport.send("POST", "/api/notifications/push-subscriptions", { body: { endpoint, keys, device } }).then(data),
  unsubscribe: (id: string) => transport.send("DELETE", "/api/notifications/push-subscriptions", { query: { id } }).then(data),

  templates: (query: { language?: string; channel?: MessageChannel; cursor?: string }, signal?: AbortSignal) => transport.send("GET", "/api/notifications/templates", { query: { ...query, limit: 200 }, signal }).then(data),
  saveTemplate: (body: MessageText & { use_built_in?: boolean }) => transport.send("PUT", "/api/notifications/templates", { body }).then(data),
  preview: (body: MessageText & { with_name?: boolean }) => transport.send("POST", "/api/notifications/templates/preview", { body }).then(data),
  settings: (signal?: AbortSignal) => transport.send("GET", "/api/notifications/settings", { signal }),
  saveSettings: (names_outside: boolean, ifMatch: string | null) => transport.send("PUT", "/api/notifications/settings", { body: { names_outside }, ifMatch }).then(data),
  deliveries: (query: DeliveryFilter, signal?: AbortSignal) => transport.send("GET", "/api/notifications/deliveries", { query: { limit: 50, ...query, status: query.status?.join(",") }, signal }).then(data),
  retry: (id: string) => transport.send("POST", "/api/notifications/deliveries/{id}/retry", { path: { id } }).then(data),
};
