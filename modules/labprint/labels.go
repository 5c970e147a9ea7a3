package labprint

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/typeset"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
)

var (
	//go:embed templates/label.typ
	labelSource   string
	labelTemplate = typeset.NewTemplate("label", labelSource)

	errSampleNotFound = errs.NotFound("labprint.sample_not_found", "There is no such sample.")
)

// label is what stands on a tube, of 50 by 25 mm.
type label struct {
	Name    string `json:"name"`
	MRN     string `json:"mrn"`
	About   string `json:"about"`
	Tests   string `json:"tests"`
	Taken   string `json:"taken"`
	Barcode string `json:"barcode"`
	Urgent  string `json:"urgent"`
	// Bars and QR name the drawings; Bars is empty where the barcode has no Code 128 that fits. Width is in modules.
	Bars  string `json:"bars"`
	Width int    `json:"width"`
	QR    string `json:"qr"`
}

// LabelInput names a sample and a format.
type LabelInput struct {
	ByID
	Format string `query:"format" enum:"pdf,zpl" default:"pdf"`
}

// SampleLabel prints the label of one sample.
func (m *Module) SampleLabel(ctx context.Context, in *LabelInput) (*File, error) {
	return m.printLabels(ctx, []uuid.UUID{in.ID}, in.Format, "labprint.get-api-lab-samples-id-label")
}

// LabelsInput names the samples whose labels go into one document.
type LabelsInput struct {
	Body struct {
		SampleIDs []uuid.UUID `json:"sample_ids" minItems:"1" maxItems:"100" nullable:"false"`
		Format    string      `json:"format,omitempty" enum:"pdf,zpl" default:"pdf"`
	}
}

// Labels prints several labels, one a page, in the order asked for.
func (m *Module) Labels(ctx context.Context, in *LabelsInput) (*File, error) {
	return m.printLabels(ctx, once(in.Body.SampleIDs), in.Body.Format, "labprint.post-api-lab-labels")
}

func (m *Module) printLabels(ctx context.Context, ids []uuid.UUID, format, operation string) (*File, error) {
	scope, _ := db.ScopeOf(ctx)
	var samples map[uuid.UUID]labapi.Sample
	var patients map[uuid.UUID]patientsapi.Summary
	var zone *time.Location
	err := m.deps.Pool.InTx(ctx, func(tx db.Tx) error {
		settings, err := m.deps.Facilities.Settings(ctx, tx, scope.TenantID, scope.FacilityID)
		if err != nil {
			return err
		}
		zone = settings.Zone
		if samples, err = m.deps.Lab.Samples(ctx, tx, scope, ids); err != nil {
			return err
		}
		var patientIDs []uuid.UUID
		for _, sample := range samples {
			patientIDs = append(patientIDs, sample.PatientID)
		}
		patients, err = m.deps.Patients.Summaries(ctx, tx, scope, id.Distinct(patientIDs))
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(samples) != len(ids) {
		return nil, errSampleNotFound
	}
	subject := httpx.Subject{Entity: labapi.EntitySample}
	labels := make([]label, len(ids))
	for i, sampleID := range ids {
		sample := samples[sampleID]
		subject.PatientIDs = append(subject.PatientIDs, sample.PatientID)
		labels[i] = labelOf(sample, patients[sample.PatientID], zone)
	}
	subject.PatientIDs = id.Distinct(subject.PatientIDs)
	if len(ids) == 1 {
		subject.EntityID, subject.EncounterID = ids[0], samples[ids[0]].EncounterID
	}
	if m.deps.Journal != nil {
		if err := m.deps.Journal.Read(ctx, httpx.ReadRecord{Operation: operation, Subject: subject}); err != nil {
			return nil, err
		}
	}
	if format == "zpl" {
		return fileOf("text/plain; charset=utf-8", "labels.zpl", []byte(zpl(labels))), nil
	}
	return m.labelsPDF(ctx, labels)
}

func (m *Module) labelsPDF(ctx context.Context, labels []label) (*File, error) {
	files := map[string][]byte{}
	for i := range labels {
		drawing, err := qrSVG(labels[i].Barcode)
		if err != nil {
			return nil, err
		}
		labels[i].QR = fmt.Sprintf("qr-%d.svg", i)
		files[labels[i].QR] = drawing
		if drawing, modules := barsSVG(labels[i].Barcode); modules > 0 {
			labels[i].Bars, labels[i].Width = fmt.Sprintf("bars-%d.svg", i), modules
			files[labels[i].Bars] = drawing
		}
	}
	pdf, err := m.typeset(ctx, labelTemplate, typeset.Document{Data: map[string]any{"labels": labels}, Files: files})
	if err != nil {
		return nil, err
	}
	return fileOf("application/pdf", "labels.pdf", pdf), nil
}

// labelOf writes a label in English: it is read in the laboratory.
func labelOf(sample labapi.Sample, patient patientsapi.Summary, zone *time.Location) label {
	w := languages["en"]
	l := label{Name: patient.FullName, MRN: patient.MRN, Barcode: sample.Barcode, Taken: sample.CollectedAt.In(zone).Format("02-Jan-2006 15:04")}
	sex := map[string]string{"male": "M", "female": "F", "other": "O"}[patient.Gender]
	if patient.DateOfBirth != nil {
		age := strings.NewReplacer(isolate, "", endIsolate, "", " years", "y", " months", "m", " days", "d").Replace(w.age(*patient.DateOfBirth, clock.DateOf(sample.CollectedAt.In(zone))))
		l.About = strings.Trim(age+"/"+sex, "/")
	} else {
		l.About = sex
	}
	codes := make([]string, len(sample.Items))
	for i, item := range sample.Items {
		codes[i] = item.ServiceCode
	}
	slices.Sort(codes)
	l.Tests = strings.Join(codes, " ")
	if sample.Container != nil {
		l.Taken += " " + *sample.Container
	}
	if sample.Priority != "ROUTINE" {
		l.Urgent = sample.Priority
	}
	return l
}
