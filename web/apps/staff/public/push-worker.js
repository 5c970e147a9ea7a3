// Shows messages of HM while the app is closed. A message says that there is something, never what: it is read in HM.
// A message with the tag of one that is shown takes its place silently, so that one that is sent again is not told twice.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let message;
  try {
    message = event.data.json();
  } catch {
    message = {};
  }
  event.waitUntil(
    self.registration.showNotification(message.title || "HM", {
      body: message.body || "",
      tag: message.tag,
      icon: "/favicon.svg",
      data: { path: message.path },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  // only a path of this app: never a way to another host
  const path = event.notification.data?.path;
  const address = new URL(typeof path === "string" && /^\/notifications\/[0-9a-f-]{36}$/.test(path) ? path : "/", self.location.origin);
  event.waitUntil(
    self.clients.matchAll({ type: "window" }).then(async (windows) => {
      const open = windows.find((one) => new URL(one.url).origin === self.location.origin);
      if (!open) return self.clients.openWindow(address.href);
      await open.focus();
      return open.navigate(address.href);
    }),
  );
});
