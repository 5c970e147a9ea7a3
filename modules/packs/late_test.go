package packs

import (
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

func TestFormsOfProvedPacksAreCompiledWhenFirstUsed(t *testing.T) {
	t.Parallel()
	own := loadedPack(t, herbal())
	own.proved = true
	l := joined(t, "", own)
	late := l.packs["herbal"].form("tongue")
	if late.made != nil {
		t.Error("it was compiled before anybody asked for it")
	}
	tmpl, err := l.Template("herbal", "tongue", packsapi.Latest)
	if err != nil || tmpl.Title.In("hi") != "जिह्वा" || late.made != nil {
		t.Error("its name cannot be told without compiling it", err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if faults := tmpl.Validate(map[string]any{"dryness": 1, "heat": 2}, true); len(faults) > 0 {
				t.Error(faults)
			}
			if _, summary, err := tmpl.Compute(map[string]any{"dryness": 1, "heat": 2}, packsapi.About{}); err != nil || summary != "Dryness 1, none" {
				t.Error(summary, err)
			}
		})
	}
	all.Wait()
	if late.made == nil {
		t.Error("it was never compiled")
	}
}

func TestProvedPackWithAFaultStillAnswers(t *testing.T) {
	t.Parallel()
	files := herbal()
	files["templates/tongue.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(string(files["templates/tongue.yaml"].Data), "doc.dryness + doc.heat", "doc.wetness", 1))}
	own := loadedPack(t, files)
	own.proved = true
	l := joined(t, "", own)
	tmpl, err := l.Template("herbal", "tongue", packsapi.Latest)
	if err != nil {
		t.Fatal(err)
	}
	if faults := tmpl.Validate(map[string]any{}, true); len(faults) != 1 {
		t.Error(faults)
	}
	if _, _, err := tmpl.Compute(map[string]any{}, packsapi.About{}); err == nil {
		t.Error("it computed")
	}
	if tmpl.Observed(nil, nil) != nil || tmpl.CarryOver(nil) != nil || tmpl.Document("en").Code != "tongue" {
		t.Error("it says more than its name")
	}
	if faults := Check(files, base(t)); len(faults) == 0 {
		t.Error("the check took it")
	}
}
