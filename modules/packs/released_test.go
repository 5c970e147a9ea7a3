package packs

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"hmsoftware.com/hm/modules/packs/packsapi"
)

// releasedFile lists every form of the built-in packs that a release has had, as "pack/code@version digest". Documents
// are shown with the very version they were written with, so a line stays for ever, and what it stands for too. A
// form that is found with other choices in a pack that extends its own has a line of that pack as well.
const releasedFile = "testdata/released_forms.txt"

func TestReleasedFormsStayAsTheyAre(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(releasedFile)
	if err != nil {
		t.Fatal(err)
	}
	released, err := parseReleased(string(text))
	if err != nil {
		t.Fatal(err)
	}
	now := formDigests(base(t))
	if len(now) < 10 {
		t.Fatalf("only %d forms", len(now))
	}
	for _, problem := range changedForms(released, now) {
		t.Error(problem)
	}
	var added []string
	for _, ref := range sortedKeys(now) {
		if released[ref] == "" {
			added = append(added, ref+" "+now[ref])
			released[ref] = now[ref] // what is there is never written anew
		}
	}
	switch {
	case len(added) == 0:
	case os.Getenv("HM_UPDATE") == "1":
		if err := os.WriteFile(releasedFile, []byte(formatReleased(released)), 0o600); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s does not list these forms yet. HM_UPDATE=1 go test ./modules/packs -run ReleasedForms adds their lines:\n%s",
			releasedFile, strings.Join(added, "\n"))
	}
}

// changedForms finds forms that are gone, or are others than were released under their version.
func changedForms(released, now map[string]string) []string {
	var problems []string
	for _, ref := range sortedKeys(released) {
		switch now[ref] {
		case released[ref]:
		case "":
			problems = append(problems, "The form "+ref+" was released and is gone, or offers no longer what it offered: documents written with it could not be shown. Put it back; a newer version may stand beside it in a file of its own.")
		default:
			problems = append(problems, "The form "+ref+" was released and has other content or other choices now: documents written with it would show what nobody wrote. "+
				"Put it and its value sets back as they were, and give the change a higher version in a file of its own. (Only a form that no release has had may lose its line in "+releasedFile+" and get a new one.)")
		}
	}
	return problems
}

// formDigests tells what the forms of a library are, by pack/code@version: their files and what their value sets offer.
func formDigests(l *Library) map[string]string {
	out := map[string]string{}
	for _, id := range l.order {
		r := l.packs[id]
		layers := map[string]*pack{}
		for _, layer := range r.layers {
			layers[layer.ID] = layer
		}
		c := &reading{packs: layers}
		c.valueSets = c.readValueSets(r.list("valuesets"))
		for _, layer := range r.layers {
			files := describe(layer).Templates
			for _, form := range layer.templates {
				ref := refOf(form)
				sum := sha256.Sum256([]byte(files[ref] + "\n" + c.signature(form)))
				digest := hex.EncodeToString(sum[:16])
				if layer.ID == id || out[layer.ID+"/"+ref] != digest { // the order has a pack after those it extends
					out[id+"/"+ref] = digest
				}
			}
		}
	}
	return out
}

func parseReleased(text string) (map[string]string, error) {
	out := map[string]string{}
	for line := range strings.Lines(text) {
		ref, digest, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || out[ref] != "" {
			return nil, fmt.Errorf("%s: %q is not a form and its digest, or stands there twice", releasedFile, line)
		}
		out[ref] = digest
	}
	return out, nil
}

func formatReleased(released map[string]string) string {
	var b strings.Builder
	for _, ref := range sortedKeys(released) {
		fmt.Fprintln(&b, ref, released[ref])
	}
	return b.String()
}

// The guard itself sees what it is for: a changed word, a changed choice, a form that is gone; and lets a new one pass.
func TestReleasedFormsGuardSeesEveryChange(t *testing.T) {
	t.Parallel()
	const form = "code: choice\nversion: 1.0.0\ntitle: Choice\nschema: {type: object, properties: {a: {type: string, x-valueset: answers}}}\n"
	const answers = "code: answers\ntitle: Answers\noptions: [{code: sure, title: Sure}]\n"
	digests := func(form, answers, over string) map[string]string {
		manifest := "version: 1.0.0\nkind: specialty\nrequires_hm: \"^1\"\nlocales: [en]\n"
		own := loadedPack(t, fstest.MapFS{
			"pack.yaml":              {Data: []byte("id: below\nname: Below\nextends: [base]\n" + manifest)},
			"templates/choice.yaml":  {Data: []byte(form)},
			"templates/other.yaml":   {Data: []byte(strings.Replace(form, "code: choice", "code: other", 1))},
			"valuesets/answers.yaml": {Data: []byte(answers)},
		})
		above := fstest.MapFS{"pack.yaml": {Data: []byte("id: above\nname: Above\nextends: [below]\n" + manifest)}}
		if over != "" {
			above["valuesets/answers.yaml"] = &fstest.MapFile{Data: []byte(over)}
		}
		return formDigests(joined(t, "", own, loadedPack(t, above)))
	}
	const other = "below/choice@1.0.0"
	released := digests(form, answers, "")
	if released[other] == "" || released["above/choice@1.0.0"] != "" || released[packsapi.Base+"/progress_note@1.0.0"] == "" {
		t.Fatal(released)
	}
	if again := digests(form, answers, ""); len(changedForms(released, again)) > 0 {
		t.Error("nothing changed")
	}
	newer := strings.Replace(form, "1.0.0", "1.0.1", 1)
	for name, c := range map[string]struct {
		before, now map[string]string
		problems    int
	}{
		"a word":                      {released, digests(strings.Replace(form, "title: Choice", "title: Choose", 1), answers, ""), 2},
		"a choice":                    {released, digests(form, strings.Replace(answers, "Sure", "Very sure", 1), ""), 2},
		"another version instead":     {released, digests(newer, answers, ""), 2},
		"a pack above offers more":    {released, digests(form, answers, "code: answers\noptions: [{code: maybe, title: Maybe}]\n"), 0},
		"and then something else":     {digests(form, answers, "code: answers\noptions: [{code: maybe, title: Maybe}]\n"), digests(form, answers, "code: answers\noptions: [{code: never, title: Never}]\n"), 2},
		"a form that was not there":   {map[string]string{other: released[other]}, released, 0},
		"a form that is not anywhere": {map[string]string{"eye/gone@1.0.0": "00"}, released, 1},
	} {
		if problems := changedForms(c.before, c.now); len(problems) != c.problems {
			t.Errorf("%s: %d problems: %s", name, len(problems), strings.Join(problems, "\n"))
		}
	}
	if read, err := parseReleased(formatReleased(released)); err != nil || len(changedForms(released, read)) > 0 {
		t.Error(err)
	}
	for _, broken := range []string{"below/choice@1.0.0", "a/b@1.0.0 00\na/b@1.0.0 11\n"} {
		if _, err := parseReleased(broken); err == nil {
			t.Errorf("%q was taken", broken)
		}
	}
}
