package notifications

import (
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/mail"
	"hmsoftware.com/hm/kit/outbound"
	"hmsoftware.com/hm/kit/push"
	"hmsoftware.com/hm/kit/sms"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/notifications/notificationsapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
)

// The module's permissions.
const (
	CanRead           = "notifications.can_read"
	CanMark           = "notifications.can_mark"
	CanPrefer         = "notifications.can_prefer"
	CanReadTemplates  = "notifications.can_read_templates"
	CanConfigure      = "notifications.can_configure"
	CanReadDeliveries = "notifications.can_read_deliveries"
	CanRetry          = "notifications.can_retry"
)

// Permissions says which built-in roles carry what.
var Permissions = []auth.Permission{
	{Code: CanRead, Description: "See one's own notifications and how one wants to be told", Roles: auth.EveryoneAndAuditor},
	{Code: CanMark, Description: "Mark one's own notifications as read", Roles: auth.Everyone},
	{Code: CanPrefer, Description: "Say how one wants to be told", Roles: auth.Everyone},
	{Code: CanReadTemplates, Description: "See how messages are worded, and whether names may leave the app", Roles: []auth.Role{auth.Admin, auth.Auditor}},
	{Code: CanConfigure, Description: "Word messages, and say whether names may leave the app", Roles: []auth.Role{auth.Admin}},
	{Code: CanReadDeliveries, Description: "See which messages went out, to whom, and which did not", Roles: []auth.Role{auth.Admin, auth.Auditor}},
	{Code: CanRetry, Description: "Have a message sent again that was given up", Roles: []auth.Role{auth.Admin}},
}

// Deps are what the module needs of others.
type Deps struct {
	Bus        *events.Bus
	Clock      clock.Clock
	Encounters encountersapi.Reader
	Users      iamapi.Reader
	Patients   patientsapi.Reader
	Facilities facilitiesapi.Reader
	Alerts     alertsapi.Reader
	Laboratory labapi.Reader
	Packs      packsapi.Reader
	// PublicURL is where people find HM, without a slash at its end; "" when nobody said.
	PublicURL string
	// Mail, SMS and Push are the ways out of the app; nil where the installation has none.
	Mail *mail.Sender
	SMS  sms.Provider
	Push *push.Sender
}

// Module is the notifications module.
type Module struct {
	deps     Deps
	senders  map[Channel]sender
	circuits map[Channel]*outbound.Circuit
}

// serverBackoff is how long a server that does not answer is left alone.
var serverBackoff = outbound.Backoff{First: 2 * time.Second, Most: time.Minute}

// New makes the module and declares its events.
func New(d Deps) *Module {
	events.Declare[notificationsapi.Notified](d.Bus, "notifications")
	events.Declare[notificationsapi.PreferencesChanged](d.Bus, "notifications")
	events.Declare[notificationsapi.TemplateChanged](d.Bus, "notifications")
	events.Declare[notificationsapi.SettingsChanged](d.Bus, "notifications")
	events.Declare[notificationsapi.DeliveryRetried](d.Bus, "notifications")
	m := &Module{deps: d, senders: map[Channel]sender{}, circuits: map[Channel]*outbound.Circuit{}}
	if d.Mail != nil {
		m.senders[ChannelEmail] = mailSender{d.Mail}
	}
	if d.SMS != nil {
		m.senders[ChannelSMS] = smsSender{d.SMS}
	}
	if d.Push != nil {
		m.senders[ChannelPush] = pushSender{d.Push} // no circuit: each browser may have a service of its own
	}
	for _, channel := range []Channel{ChannelEmail, ChannelSMS} {
		if m.senders[channel] != nil {
			m.circuits[channel] = &outbound.Circuit{Backoff: serverBackoff, Now: d.Clock.Now}
		}
	}
	return m
}

// linkTo is where a notification is opened; "" when nobody said where HM is found.
func (m *Module) linkTo(notificationID uuid.UUID) string {
	if m.deps.PublicURL == "" {
		return ""
	}
	return m.deps.PublicURL + "/notifications/" + notificationID.String()
}
