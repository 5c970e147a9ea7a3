package demo

// reading is what is usual of an analyte, in a grown-up.
type reading struct {
	code         string
	mean, spread float64
	decimals     int
	word         string // in place of a number
}

// usual says what the tests of the demo find in people who are well.
var usual = map[string][]reading{
	"CBC": {{"HGB", 13.9, 0.6, 1, ""}, {"WBC", 7.1, 1.6, 1, ""}, {"NEUT", 4.1, 0.9, 2, ""}, {"LYMPH", 2.2, 0.5, 2, ""}, {"EOS", 0.2, 0.1, 2, ""},
		{"RBC", 4.7, 0.2, 2, ""}, {"HCT", 42, 1.5, 1, ""}, {"MCV", 89, 3, 1, ""}, {"MCH", 29.5, 1.2, 1, ""}, {"PLT", 262, 60, 0, ""}},
	"RFT":     {{"UREA", 28, 7, 0, ""}, {"CREA", 0.9, 0.15, 2, ""}, {"NA", 140, 3, 0, ""}, {"K", 4.3, 0.4, 1, ""}, {"CL", 102, 3, 0, ""}, {"URIC", 4.6, 0.6, 1, ""}},
	"LFT":     {{"TBIL", 0.7, 0.3, 1, ""}, {"DBIL", 0.2, 0.1, 1, ""}, {"AST", 24, 8, 0, ""}, {"ALT", 23, 9, 0, ""}, {"ALP", 82, 20, 0, ""}, {"TP", 7.2, 0.4, 1, ""}, {"ALB", 4.3, 0.3, 1, ""}},
	"LIPID":   {{"CHOL", 178, 15, 0, ""}, {"HDL", 54, 5, 0, ""}, {"TRIG", 118, 20, 0, ""}},
	"TSH":     {{"TSH", 2.1, 0.9, 2, ""}},
	"CRP":     {{"CRP", 2.4, 1.6, 1, ""}},
	"ESR":     {{"ESR", 9, 4, 0, ""}},
	"GLUF":    {{"GLUF", 88, 8, 0, ""}},
	"HBA1C":   {{"HBA1C", 5.2, 0.3, 1, ""}},
	"URINE_R": {{"UPRO", 0, 0, 0, "neg"}, {"UGLU", 0, 0, 0, "neg"}},
}

// visitor is somebody who comes for the laboratory, the oldest visit first.
type visitor struct {
	name, gender string
	age          int
	comes        []come
}

// come is one visit: so many days ago, that long before this time of the day. The clock goes on by about two hours until
// a result is released.
type come struct {
	daysAgo, minutesAgo int
	errand
}

func whole(services ...string) errand { return errand{services: services, until: released} }

func (e errand) with(found map[string]float64) errand {
	e.found = found
	return e
}

func (e errand) at(stage int) errand {
	e.until, e.stays = stage, true
	return e
}

// ofAsha are three whose values have a trend, a week of single tests, and today's, which stand everywhere.
var ofAsha = []visitor{
	{"Savitri Krishnamurthy", "female", 58, []come{
		{6, 300, whole("GLUF").with(map[string]float64{"GLUF": 212})}, {4, 310, whole("GLUF").with(map[string]float64{"GLUF": 178})},
		{2, 290, whole("GLUF").with(map[string]float64{"GLUF": 154})}, {1, 300, whole("GLUF").with(map[string]float64{"GLUF": 131})},
	}},
	{"Raghunath Bhosale", "male", 67, []come{
		{6, 260, whole("RFT").with(map[string]float64{"CREA": 2.84, "UREA": 92, "K": 5.9})}, {3, 270, whole("RFT").with(map[string]float64{"CREA": 2.41, "UREA": 78, "K": 5.5})},
		{1, 255, whole("RFT").with(map[string]float64{"CREA": 2.08, "UREA": 66, "K": 5.0})},
	}},
	{"Noor Jehan Siddiqui", "female", 41, []come{
		{5, 240, whole("CRP").with(map[string]float64{"CRP": 148})}, {4, 235, whole("CRP").with(map[string]float64{"CRP": 86.2})},
		{3, 230, whole("CRP").with(map[string]float64{"CRP": 31.5})}, {1, 225, whole("CRP").with(map[string]float64{"CRP": 8.7})},
	}},
	{"Balwant Singh Gill", "male", 52, []come{{6, 200, errand{services: []string{"LIPID", "LFT"}, until: released, stored: "Fridge 2, rack A"}}}},
	{"Annamma Kurien", "female", 36, []come{{5, 200, errand{services: []string{"TSH"}, until: released, stored: "Fridge 2, rack B", discarded: true}}}},
	{"Chinmay Apte", "male", 29, []come{{4, 190, whole("CBC")}}},
	{"Shakuntala Naik", "female", 63, []come{{3, 210, errand{services: []string{"CBC"}, until: released, spoilt: "CLOTTED"}}}},
	{"Devendra Solanki", "male", 45, []come{{2, 260, errand{services: []string{"RFT"}, until: released, found: map[string]float64{"NA": 141},
		mixedUp: map[string]float64{"NA": 152, "CL": 113}}}}},
	{"Mary Lalrinpuii", "female", 24, []come{{2, 180, whole("URINE_R")}}},
	{"Tukaram Jadhav", "male", 71, []come{{1, 190, whole("CBC").with(map[string]float64{"HGB": 9.8, "MCV": 72, "MCH": 23.5, "HCT": 31, "RBC": 4.1})}}},
	// Today.
	{"Farida Merchant", "female", 33, []come{{0, 70, whole("ESR").at(ordered)}}},
	{"Gopal Krishnan Nambiar", "male", 55, []come{{0, 65, errand{services: []string{"LIPID", "LFT"}, priority: "URGENT", stays: true}}}},
	{"Sunanda Pawar", "female", 48, []come{{0, 80, whole("HBA1C").at(collected)}}},
	{"Joseph Dkhar", "male", 38, []come{{0, 90, whole("CBC").at(received)}}},
	{"Padma Subramanian", "female", 61, []come{{0, 95, whole("LFT").at(received)}}},
	{"Ismail Pathan", "male", 50, []come{{0, 100, whole("RFT").at(entered)}}},
	{"Vimala Devadas", "female", 69, []come{{0, 75, whole("RFT").with(map[string]float64{"K": 6.9, "CREA": 3.95, "UREA": 118}).at(entered)}}}, // nobody has acknowledged it
	{"Harish Chandra Joshi", "male", 57, []come{{0, 110, whole("CRP").with(map[string]float64{"CRP": 22.4}).at(verified)}}},
	{"Leela Thampi", "female", 43, []come{{0, 130, whole("GLUF").at(released)}}},
	{"Omprakash Rathore", "male", 62, []come{{0, 85, errand{services: []string{"CBC"}, until: collected, spoilt: "HAEMOLYSED", stays: true}}}}, // waits for another
}

var ofBirch = []visitor{
	{"Claire Whitfield", "female", 47, []come{{5, 200, whole("TSH").with(map[string]float64{"TSH": 7.85})}, {1, 210, whole("CBC")}}},
	{"Samuel Adeyemi", "male", 59, []come{{3, 220, whole("LIPID").with(map[string]float64{"CHOL": 244, "HDL": 38, "TRIG": 190})}}},
	{"Ingrid Larsen", "female", 31, []come{{0, 80, whole("CRP").at(received)}}},
}
