package orders

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

var (
	errUnknownService = errs.Invalid("orders.unknown_service", "The catalogue of the encounter's pack has no such service; see errors.")
	errInvalid        = errs.Invalid("orders.invalid", "The order has faults; see errors.")
)

// mostItems bounds what the panels of one order may stand for together.
const mostItems = 500

// line is one service that is asked for, after panels became what they stand for.
type line struct {
	service      *packsapi.Service
	panel        *string
	priority     string
	quantity     int
	instructions string
	data         map[string]any
}

// linesOf reads a request by the catalogue, or says everything that is wrong with it.
func linesOf(catalog packsapi.Catalog, request ordersapi.Request) ([]line, error) {
	var lines []line
	faults, unknown := errInvalid, false
	for i, item := range request.Items {
		at := fmt.Sprintf("body.items[%d]", i)
		service, known := catalog.Service(item.ServiceCode)
		if !known {
			faults, unknown = faults.At(at+".service_code", "There is no such service."), true
			continue
		}
		if service.OrderType != request.OrderType {
			faults = faults.At(at+".service_code", fmt.Sprintf("This service is ordered as %s, not as this order's type.", service.OrderType))
		}
		for _, fault := range service.ValidateData(orEmpty(item.Data), true) {
			faults = faults.At(at+"."+fault.Path, fault.Message)
		}
		asked := line{
			service: service, priority: cmp.Or(item.Priority, request.Priority, routine), quantity: cmp.Or(item.Quantity, 1),
			instructions: strings.TrimSpace(item.Instructions), data: orEmpty(item.Data),
		}
		if len(service.Panel) == 0 {
			lines = append(lines, asked)
			continue
		}
		members, fault := membersOf(catalog, asked)
		if fault != "" {
			faults = faults.At(at+".service_code", fault)
		}
		if lines = append(lines, members...); len(lines) > mostItems {
			return nil, faults.At("body.items", fmt.Sprintf("Stand for more than %d services; order them in parts.", mostItems))
		}
	}
	if len(faults.Fields) == 0 {
		return lines, nil
	}
	if unknown {
		withFields := *errUnknownService
		withFields.Fields = faults.Fields
		return nil, &withFields
	}
	return nil, faults
}

// membersOf gives the services that a panel stands for, of which some may be panels. Each is named once.
func membersOf(catalog packsapi.Catalog, panel line) (members []line, fault string) {
	seen := map[string]bool{panel.service.Code: true}
	var gather func(codes []string)
	gather = func(codes []string) {
		for _, code := range codes {
			if seen[code] {
				continue
			}
			seen[code] = true
			service, known := catalog.Service(code)
			switch {
			case !known:
				fault = "This panel names a service that the catalogue lacks."
			case len(service.Panel) > 0:
				gather(service.Panel)
			case service.OrderType != panel.service.OrderType:
				fault = "This panel names a service of another order type."
			case len(service.ValidateData(map[string]any{}, true)) > 0:
				fault = "A service of this panel asks for data of its own; order its services one by one."
			default:
				member := panel
				member.service, member.panel, member.data = service, &panel.service.Code, map[string]any{}
				members = append(members, member)
			}
		}
	}
	gather(panel.service.Panel)
	return members, fault
}

// dueAt is when the result of a line is due, counted from now; nil where its pack says nothing.
func (l line) dueAt(now time.Time) *time.Time {
	within := map[string]time.Duration{routine: l.service.TurnAround.Routine, urgent: l.service.TurnAround.Urgent, stat: l.service.TurnAround.Stat}[l.priority]
	return later(now, within)
}

// tasks are the work that an item of this line asks of people.
func (l line) tasks(itemID uuid.UUID, now time.Time) []ordersapi.ItemTask {
	tasks := make([]ordersapi.ItemTask, len(l.service.Tasks))
	for i, t := range l.service.Tasks {
		tasks[i] = ordersapi.ItemTask{
			Code: ordersapi.TaskCode(t.Code, itemID), Title: t.Title.In(packsapi.DefaultLocale), Role: t.Role, DueAt: later(now, t.DueIn),
		}
	}
	return tasks
}

func later(now time.Time, by time.Duration) *time.Time {
	if by <= 0 {
		return nil
	}
	at := now.Add(by)
	return &at
}

// The priorities, of an order and of each of its items.
const routine, urgent, stat = "ROUTINE", "URGENT", "STAT"

func orEmpty(data map[string]any) map[string]any {
	if data == nil {
		return map[string]any{}
	}
	return data
}
