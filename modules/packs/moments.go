package packs

import (
	"maps"
	"slices"
	"strings"

	"cel.dev/cel-go/common/types"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

type celType = types.Type

var (
	boolType    = types.BoolType
	doubleType  = types.DoubleType
	integerType = types.IntType

	integerValue = &shape{kind: intShape}
	textValue    = &shape{kind: textShape}
	truthValue   = &shape{kind: boolShape}
	timeValue    = &shape{kind: timeShape}
	anyValue     = &shape{}

	patientShape = object("hm.patient", map[string]*shape{
		"age_years": integerValue, "age_days": integerValue, "gender": textValue, "system_specific_data": anyValue,
	})
	encounterShape = object("hm.encounter", map[string]*shape{
		"encounter_type": textValue, "pack": textValue, "status": textValue, "system_data": anyValue,
	})
	namedShape  = object("hm.named", map[string]*shape{"code": textValue, "title": textValue})
	resultShape = object("hm.lab_result", map[string]*shape{
		"service_code": textValue, "version": integerValue, "is_critical": truthValue, "is_correction": truthValue,
		"sex": textValue, "age_days": integerValue, "pregnant": truthValue, "held": listOf(textValue),
		"values": listOf(object("hm.lab_value", map[string]*shape{
			"code": textValue, "value": {kind: doubleShape}, "comparator": textValue, "text": textValue, "flag": textValue, "delta_flag": textValue, "unit": textValue})),
	})
	clinicalShape = object("hm.clinical", map[string]*shape{
		"recent_results": listOf(object("hm.result", map[string]*shape{
			"code": textValue, "system": textValue, "value": {kind: doubleShape}, "comparator": textValue, "text": textValue,
			"unit": textValue, "superseded": truthValue, "days_ago": integerValue})),
		"active_orders": listOf(object("hm.active_order", map[string]*shape{
			"order_type": textValue, "service_code": textValue, "status": textValue, "days_ago": integerValue})),
	})
)

func object(name string, fields map[string]*shape) *shape {
	return &shape{kind: objectShape, name: name, fields: fields}
}

func listOf(items *shape) *shape { return &shape{kind: listShape, items: items} }

// moments are when rules are asked, and what each lets them know beside encounter, patient, now, params and
// why. A moment whose module gives its facts as typed Go declares them here field by field, so that a rule
// naming a field that does not exist is refused; the others take their subject as it is answered by the API.
var moments = map[string]map[string]*shape{
	packsapi.MomentEncounterClose: {
		"required": object("hm.required", map[string]*shape{"tasks": listOf(namedShape), "documents": listOf(namedShape)}),
		"facts": object("hm.facts", map[string]*shape{
			"tasks": listOf(object("hm.task", map[string]*shape{"code": textValue, "title": textValue, "status": textValue})),
			"documents": listOf(object("hm.document", map[string]*shape{
				"template_code": textValue, "status": textValue})),
			"critical_results": listOf(object("hm.critical_result", map[string]*shape{
				"code": textValue, "acknowledged": truthValue})),
		}),
	},
	packsapi.MomentDocumentFinalize: {
		"document": object("hm.finalized", map[string]*shape{
			"template_code": textValue, "payload": anyValue, "computed": anyValue}),
		"facts": clinicalShape,
	},
	packsapi.MomentOrderCreate: {
		"order": object("hm.order", map[string]*shape{
			"order_type": textValue, "priority": textValue, "note": textValue,
			"items": listOf(object("hm.order_item", map[string]*shape{
				"service_code": textValue, "name": textValue, "synonyms": listOf(textValue), "priority": textValue, "quantity": integerValue,
				"data": anyValue})),
		}),
		"facts": clinicalShape,
	},
	packsapi.MomentTaskComplete:     {"task": object("hm.done_task", map[string]*shape{"code": textValue, "title": textValue})},
	packsapi.MomentResultEntered:    {"result": resultShape, "facts": clinicalShape},
	packsapi.MomentResultAutoverify: {"result": resultShape, "facts": clinicalShape},
	packsapi.MomentResultRelease:    {"result": resultShape, "facts": clinicalShape},
	"dispense":                      {"dispense": anyValue, "facts": anyValue},
}

// variablesOf gives everything a rule of a moment can name.
func variablesOf(moment string) map[string]*shape {
	variables := maps.Clone(moments[moment])
	variables["encounter"], variables["patient"], variables["now"] = encounterShape, patientShape, timeValue
	return variables
}

func momentNames() string {
	return strings.Join(slices.Sorted(maps.Keys(moments)), ", ")
}

// openingEvents are the events a workflow's step may open on.
var openingEvents = []string{"encounter.created", "encounter.checked_in", "encounter.consult_started",
	"document.finalized", "document.amended", "task.completed", "order.created", "result.released"}

// completingKinds are the encounter documents that may complete a step.
var completingKinds = []string{"VITALS", "ASSESSMENT", "PLAN", "NOTE"}

// shapeOfType is the shape of what an expression comes out as.
func shapeOfType(t *types.Type) *shape {
	switch t.Kind() {
	case types.BoolKind:
		return truthValue
	case types.IntKind:
		return integerValue
	case types.DoubleKind:
		return &shape{kind: doubleShape}
	case types.StringKind:
		return textValue
	case types.ListKind:
		if len(t.Parameters()) == 1 {
			return listOf(shapeOfType(t.Parameters()[0]))
		}
	default:
	}
	return anyValue
}

// shapeOfValue is the shape that a parameter's default gives to every value of the parameter.
func shapeOfValue(n *node, name string) *shape {
	switch n.kind {
	case truth:
		return truthValue
	case integer:
		return integerValue
	case decimal:
		return &shape{kind: doubleShape}
	case text:
		return textValue
	case list:
		if len(n.items) == 0 {
			return listOf(nil)
		}
		return listOf(shapeOfValue(n.items[0], name+".item"))
	case mapping:
		fields := make(map[string]*shape, len(n.fields))
		for _, f := range n.fields {
			fields[f.key] = shapeOfValue(f.value, name+"."+f.key)
		}
		return object(name, fields)
	default:
		return anyValue
	}
}
