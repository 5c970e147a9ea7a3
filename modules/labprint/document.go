package labprint

// The shapes that templates/report.typ reads as data.json: every text is ready to be printed.

type paper struct {
	Language string        `json:"language"`
	Words    words         `json:"words"`
	Layout   paperLayout   `json:"layout"`
	Reports  []paperReport `json:"reports"`
}

type paperLayout struct {
	Name          string   `json:"name"`
	Address       []string `json:"address"`
	Phone         *string  `json:"phone"`
	Accreditation *string  `json:"accreditation"`
	Header        *string  `json:"header"`
	Footer        *string  `json:"footer"`
	Accent        string   `json:"accent"`
	HasLogo       bool     `json:"has_logo"`
}

type paperReport struct {
	Patient   paperPatient `json:"patient"`
	Number    string       `json:"number"`
	Version   string       `json:"version"`
	Issued    string       `json:"issued"`
	OrderedBy string       `json:"ordered_by"`
	// Notices stand above everything: out of date, corrected, interim.
	Notices []notice    `json:"notices"`
	Tests   []paperTest `json:"tests"`
	// Seal is the name of the QR code's file, Address what it says; both empty where nobody knows under which address HM is reached.
	Seal    string `json:"seal"`
	Address string `json:"address"`
}

type paperPatient struct {
	Name string `json:"name"`
	MRN  string `json:"mrn"`
	Born string `json:"born"`
	Age  string `json:"age"`
	Sex  string `json:"sex"`
}

type notice struct {
	// Kind is superseded, corrected or interim.
	Kind  string `json:"kind"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

type paperTest struct {
	Name  string  `json:"name"`
	Facts []fact  `json:"facts"`
	Rows  []value `json:"rows"`
	// Correction is set on a corrected result.
	Correction *correction `json:"correction"`
	// Remarks stand under the values: the comment, the call about a critical value, who answers for it.
	Remarks    []fact   `json:"remarks"`
	Signatures []string `json:"signatures"`
}

type fact struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

type value struct {
	Name   string `json:"name"`
	Text   string `json:"text"`
	Unit   string `json:"unit"`
	Range  string `json:"range"`
	Flag   string `json:"flag"`
	Word   string `json:"word"`
	Former string `json:"former"`
	FormAt string `json:"former_at"`
	Notes  []fact `json:"notes"`
}

type correction struct {
	Title   string `json:"title"`
	Reason  string `json:"reason"`
	Changes []fact `json:"changes"`
}
