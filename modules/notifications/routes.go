package notifications

import "hmsoftware.com/hm/kit/httpx"

// Routes adds the module's operations.
func (m *Module) Routes(api *httpx.API) {
	const module, list, one = "notifications", "/api/notifications", "/api/notifications/{id}"
	const preferences, templates, settings = list + "/preferences", list + "/templates", list + "/settings"
	httpx.Read(api, httpx.Route{Path: list, Module: module, Permission: CanRead, Summary: "List the caller's notifications in this facility, newest first"}, m.List)
	httpx.Read(api, httpx.Route{Path: list + "/unread", Module: module, Permission: CanRead, Summary: "How many of the caller's notifications wait to be read"}, m.Unread)
	httpx.Read(api, httpx.Route{Path: one, Module: module, Permission: CanRead, Summary: "One of the caller's notifications, and how it went out"}, m.Get)
	httpx.Write(api, httpx.Route{Method: "POST", Path: one + "/mark-read", Module: module, Permission: CanMark, Summary: "Mark one as read",
		Description: "Repeating it changes nothing."}, m.MarkRead)
	httpx.Write(api, httpx.Route{Method: "POST", Path: list + "/mark-all-read", Module: module, Permission: CanMark, Summary: "Mark all as read, of this facility"}, m.MarkAllRead)
	httpx.Read(api, httpx.Route{Path: preferences, Module: module, Permission: CanRead, Summary: "How the caller wants to be told"}, m.Preferences)
	httpx.Write(api, httpx.Route{Method: "PUT", Path: preferences, Module: module, Permission: CanPrefer, Summary: "Say how one wants to be told",
		Description: "In every facility of the tenant. What is critical is always shown in the app and passes quiet hours. Send all of what GET gave but updated_at; what is left out or null is none."}, m.SavePreferences)
	httpx.Read(api, httpx.Route{Path: templates, Module: module, Permission: CanReadTemplates, Summary: "List how messages are worded, by kind, channel and language"}, m.Templates)
	httpx.Write(api, httpx.Route{Method: "PUT", Path: templates, Module: module, Permission: CanConfigure, Summary: "Word a message in the tenant's own way",
		Description: "422 names every placeholder that the channel does not have. Nothing clinical can be said outside the app."}, m.SaveTemplate)
	httpx.Write(api, httpx.Route{Method: "POST", Path: templates + "/preview", Module: module, Permission: CanConfigure, Summary: "Read a text as its reader would",
		Description: "Filled with the facts of an example. Saves nothing."}, m.Preview)
	httpx.Read(api, httpx.Route{Path: settings, Module: module, Permission: CanReadTemplates, Summary: "What may leave the app, and which channels there are"}, m.Settings)
	httpx.Write(api, httpx.Route{Method: "PUT", Path: settings, Module: module, Permission: CanConfigure, Summary: "Say whether patients' names may leave the app"}, m.SaveSettings)
	const deliveries, browsers = list + "/deliveries", list + "/push-subscriptions"
	httpx.Read(api, httpx.Route{Path: deliveries, Module: module, Permission: CanReadDeliveries, Summary: "List what left the app, or did not, newest first"}, m.Deliveries)
	httpx.Write(api, httpx.Route{Method: "POST", Path: deliveries + "/{id}/retry", Module: module, Permission: CanRetry, Summary: "Send a message again that was given up",
		Description: "409 notifications.delivery_not_dead for any other. One in doubt may then arrive twice."}, m.Retry)
	httpx.Read(api, httpx.Route{Path: list + "/push-key", Module: module, Permission: CanRead, Summary: "The public key with which a browser subscribes"}, m.PushKey)
	httpx.Read(api, httpx.Route{Path: browsers, Module: module, Permission: CanRead, Summary: "List the browsers that show the caller's messages"}, m.PushSubscriptions)
	httpx.Write(api, httpx.Route{Method: "POST", Path: browsers, Module: module, Permission: CanPrefer, Status: 201, Summary: "Show the caller's messages in a browser while the app is closed",
		Description: "endpoint and keys of PushSubscription.toJSON(), and what the browser calls itself. Repeating it changes nothing. 409 notifications.channel_off where the installation has no web push."}, m.SubscribeBrowser)
	httpx.Write(api, httpx.Route{Method: "DELETE", Path: browsers, Module: module, Permission: CanPrefer, Summary: "Show them there no more"}, m.UnsubscribeBrowser)
}
