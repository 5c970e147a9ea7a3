package apptest

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"maps"
	"os"
	"slices"
	"testing"
)

// Pack is the folder of a pack: its files by path.
type Pack map[string]string

// PackFolder reads a pack from the disk.
func PackFolder(t testing.TB, folder string) Pack {
	t.Helper()
	p, root := Pack{}, os.DirFS(folder)
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(root, name)
		p[name] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// With gives the pack with some files replaced; an empty one is left out.
func (p Pack) With(changed Pack) Pack {
	out := maps.Clone(p)
	for name, content := range changed {
		if out[name] = content; content == "" {
			delete(out, name)
		}
	}
	return out
}

// Zip packs the folder.
func (p Pack) Zip(t testing.TB) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(p)) {
		to, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write([]byte(p[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// Install uploads a pack.
func (c *Client) Install(t testing.TB, p Pack, headers ...string) Reply {
	t.Helper()
	return c.Post(t, "/api/packs", p.Zip(t), append([]string{"Content-Type", "application/zip"}, headers...)...)
}

// Clinic is a small pack of a medical system of its own: one form, one workflow, one rule, in which mark stands wherever
// words can. Version is that of the pack and of its form.
func Clinic(id, version, mark string) Pack {
	return Pack{
		"pack.yaml": `
id: ` + id + `
version: ` + version + `
name: ` + mark + ` medicine
kind: system
extends: [base]
requires_hm: "^1"
locales: [en]
encounter_types: [OPD]
order_types: [HERBAL]
sign_off: {clinician: "", date: ""}
`,
		"labels/en.yaml": "diagnosis: " + mark + " finding\n",
		"templates/first_look.yaml": `
code: first_look
version: ` + version + `
title: ` + mark + ` look
schema:
  type: object
  required: [warmth]
  properties:
    warmth: {type: integer, minimum: 0, maximum: 10, title: ` + mark + ` warmth}
computed:
  doubled: doc.warmth * 2
summary: ` + mark + ` {doubled}
`,
		"workflows/opd.yaml": `
encounter_type: OPD
steps:
  - {code: look-first, title: ` + mark + ` step, role: doctor, opens_on: encounter.created, completed_by: {template: first_look}}
close:
  tasks: [look-first]
  documents: [first_look]
`,
		"rules/cold.yaml": `
- code: ` + id + `.too_cold
  on: document.finalize
  when: "document.template_code == 'first_look' && document.payload.warmth < params.least"
  then: {effect: block}
  severity: safety
  message: ` + mark + ` is too cold.
  params: {least: 3}
`,
	}
}
