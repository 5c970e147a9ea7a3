package packs

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"strings"
	"testing"
	"testing/fstest"
)

// entry of a zip that a test makes.
type entry struct {
	name, content string
	header        func(*zip.FileHeader)
}

func zipped(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.header != nil {
			e.header(header)
		}
		to, err := w.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write([]byte(e.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAnArchiveIsReadAsItsFolder(t *testing.T) {
	t.Parallel()
	want := files{"pack.yaml": []byte("id: x"), "templates/a.yaml": []byte("code: a")}
	for name, entries := range map[string][]entry{
		"plain":         {{name: "pack.yaml", content: "id: x"}, {name: "templates/a.yaml", content: "code: a"}},
		"in one folder": {{name: "x/"}, {name: "x/pack.yaml", content: "id: x"}, {name: "x/templates/"}, {name: "x/templates/a.yaml", content: "code: a"}},
		"stored": {{name: "pack.yaml", content: "id: x", header: func(h *zip.FileHeader) { h.Method = zip.Store }},
			{name: "templates/a.yaml", content: "code: a"}},
		"with what a Mac leaves": {{name: "x/pack.yaml", content: "id: x"}, {name: "x/.DS_Store", content: "?"}, {name: "__MACOSX/x/._pack.yaml", content: "?"},
			{name: "x/templates/a.yaml", content: "code: a"}},
	} {
		got, faults := readArchive(zipped(t, entries...))
		if len(faults) > 0 || !maps.EqualFunc(got, want, bytes.Equal) {
			t.Errorf("%s: %v %v", name, got, faults)
		}
		if got.digest() != want.digest() {
			t.Errorf("%s: its digest is another", name)
		}
	}
}

func TestAnArchiveIsRefusedWithAReason(t *testing.T) {
	t.Parallel()
	many := make([]entry, maxFiles+1)
	for i := range many {
		many[i].name = fmt.Sprintf("templates/%d.yaml", i)
	}
	entries := make([]entry, maxArchiveEntries+1)
	for i := range entries {
		entries[i].name = fmt.Sprintf("%d/", i)
	}
	var large []entry
	letters := noise(maxFileBytes)
	for i := range maxArchiveBytes/maxFileBytes + 1 {
		large = append(large, entry{name: fmt.Sprintf("templates/%d.yaml", i), content: letters, header: func(h *zip.FileHeader) { h.Method = zip.Store }})
	}
	lying := zipped(t, entry{name: "a.yaml", content: strings.Repeat("a", 3000), header: func(h *zip.FileHeader) { h.Method = zip.Store }})
	at := bytes.LastIndex(lying, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(lying[at+24:], 100) // the directory's word for how large it is unpacked
	damaged := zipped(t, entry{name: "a.yaml", content: "code: abcdefgh", header: func(h *zip.FileHeader) { h.Method = zip.Store }})
	damaged[bytes.Index(damaged, []byte("abcdefgh"))]++
	for name, c := range map[string]struct {
		archive      []byte
		file, reason string
	}{
		"no zip":            {[]byte("id: x"), wholeArchive, "not a zip"},
		"nothing":           {nil, wholeArchive, "not a zip"},
		"an empty zip":      {zipped(t), wholeArchive, "no files"},
		"up and out":        {zipped(t, entry{name: "../pack.yaml"}), "../pack.yaml", `".."`},
		"out in the middle": {zipped(t, entry{name: "a/../../pack.yaml"}), "a/../../pack.yaml", `".."`},
		"absolute":          {zipped(t, entry{name: "/etc/passwd"}), "/etc/passwd", "absolute"},
		"a drive":           {zipped(t, entry{name: "C:/pack.yaml"}), "C:/pack.yaml", "absolute"},
		"backslashes":       {zipped(t, entry{name: `templates\a.yaml`}), `templates\a.yaml`, `\`},
		"a dot part":        {zipped(t, entry{name: "./pack.yaml"}), "./pack.yaml", "plainly"},
		"an empty part":     {zipped(t, entry{name: "a//b.yaml"}), "a//b.yaml", "plainly"},
		"a control":         {zipped(t, entry{name: "a\nb.yaml"}), "a?b.yaml", "control"},
		"a NUL":             {zipped(t, entry{name: "a\x00b.yaml"}), "a?b.yaml", "control"},
		"no UTF-8":          {zipped(t, entry{name: "\xff.yaml"}), "?.yaml", "UTF-8"},
		"another code page": {zipped(t, entry{name: "é.yaml", header: func(h *zip.FileHeader) { h.NonUTF8 = true }}), "é.yaml", "UTF-8"},
		"a long name":       {zipped(t, entry{name: strings.Repeat("a", 201)}), clip(strings.Repeat("a", 201)), "bytes"},
		"a link": {zipped(t, entry{name: "pack.yaml", content: "/etc/passwd", header: func(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) }}),
			"pack.yaml", "Links"},
		"a device":       {zipped(t, entry{name: "pack.yaml", header: func(h *zip.FileHeader) { h.SetMode(fs.ModeDevice | 0o666) }}), "pack.yaml", "plain files"},
		"encrypted":      {zipped(t, entry{name: "pack.yaml", header: func(h *zip.FileHeader) { h.Flags |= 1 }}), "pack.yaml", "encrypted"},
		"a name twice":   {zipped(t, entry{name: "pack.yaml"}, entry{name: "pack.yaml"}), "pack.yaml", "twice"},
		"in other case":  {zipped(t, entry{name: "pack.yaml"}, entry{name: "Pack.yaml"}), "Pack.yaml", "twice"},
		"too many files": {zipped(t, many...), many[maxFiles].name, "at most 2000 files"},
		"many entries":   {zipped(t, entries...), wholeArchive, "4000 entries"},
		"a large file":   {zipped(t, entry{name: "a.yaml", content: noise(maxFileBytes + 1)}), "a.yaml", "1024 KiB"},
		"a bomb":         {zipped(t, entry{name: "a.yaml", content: strings.Repeat("a", maxFileBytes)}), "a.yaml", "200 times"},
		"a larger bomb":  {zipped(t, entry{name: "a.yaml", content: strings.Repeat("a", 5<<20)}), "a.yaml", "1024 KiB"},
		"a lying size":   {lying, "a.yaml", "damaged"},
		"a damaged file": {damaged, "a.yaml", "checksum"},
		"too much":       {zipped(t, large...), wholeArchive, "16 MiB"},
	} {
		got, faults := readArchive(c.archive)
		if got != nil || len(faults) != 1 || faults[0].File != c.file || !strings.Contains(faults[0].Message, c.reason) {
			t.Errorf("%s: %v", name, faults)
		}
	}
}

// What compresses well but not suspiciously well still ends at the pack's size.
func TestAnArchiveOfManyWordsEnds(t *testing.T) {
	t.Parallel()
	words := zipped(t, entry{name: "words.yaml", content: strings.Repeat(noise(8<<10), maxFileBytes/(8<<10))}) // about 30 to 1
	one, err := zip.NewReader(bytes.NewReader(words), int64(len(words)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := range maxPackBytes/maxFileBytes + 5 {
		header := one.File[0].FileHeader
		header.Name = fmt.Sprintf("templates/%02d.yaml", i)
		to, err := w.CreateRaw(&header)
		if err != nil {
			t.Fatal(err)
		}
		from, err := one.File[0].OpenRaw()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(to, from); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	archive := out.Bytes()
	if len(archive) > maxArchiveBytes {
		t.Fatalf("the archive of the test has %d bytes", len(archive))
	}
	if got, faults := readArchive(archive); got != nil || len(faults) != 1 || !strings.Contains(faults[0].Message, "64 MiB") {
		t.Error(faults)
	}
}

// noise is text that does not compress.
func noise(size int) string {
	out := make([]byte, size)
	state := uint64(size) + 1
	for i := range out {
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		out[i] = byte(' ' + state%95)
	}
	return string(out)
}

func TestTheSameFilesArePackedAlike(t *testing.T) {
	t.Parallel()
	all := files{"pack.yaml": []byte("id: x"), "labels/en.yaml": []byte("a: A"), "templates/a.yaml": []byte("code: a")}
	first, err := all.zip()
	if err != nil {
		t.Fatal(err)
	}
	again, err := maps.Clone(all).zip()
	if err != nil || !bytes.Equal(first, again) {
		t.Error("packing the same files twice gives different archives")
	}
	read, faults := readArchive(first)
	if len(faults) > 0 || read.digest() != all.digest() {
		t.Errorf("what was packed is not read again: %v", faults)
	}
	root, err := folder(first)
	if err != nil {
		t.Fatal(err)
	}
	if err := fstest.TestFS(root, "pack.yaml", "labels/en.yaml"); err != nil {
		t.Error(err)
	}
}

func TestAFolderIsReadAsItsArchive(t *testing.T) {
	t.Parallel()
	root := fstest.MapFS{"pack.yaml": {Data: []byte("id: x")}, ".git/config": {Data: []byte("?")}, "templates/.a.yaml.swp": {Data: []byte("?")},
		"templates/a.yaml": {Data: []byte("code: a")}}
	got, faults := readFolder(root)
	if want := (files{"pack.yaml": []byte("id: x"), "templates/a.yaml": []byte("code: a")}); len(faults) > 0 || got.digest() != want.digest() {
		t.Errorf("%v %v", got, faults)
	}
	root["templates/b.yaml"] = &fstest.MapFile{Data: []byte("/etc/passwd"), Mode: fs.ModeSymlink}
	if _, faults = readFolder(root); len(faults) != 1 || !strings.Contains(faults[0].Message, "Links") {
		t.Error(faults)
	}
}

// Whatever is sent, the reader ends, within its bounds, with files or with reasons.
func FuzzArchive(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Add(zipped(f, entry{name: "pack.yaml", content: "id: x"}, entry{name: "../a", content: "x"}))
	f.Add(zipped(f, entry{name: "x/pack.yaml", content: strings.Repeat("a: b\n", 100)}, entry{name: "x/labels/en.yaml"}))
	f.Fuzz(func(t *testing.T, archive []byte) {
		got, faults := readArchive(archive)
		if (got == nil) != (len(faults) > 0) {
			t.Fatalf("%d files and the faults %v", len(got), faults)
		}
		if len(got) > maxFiles || got.size() > maxPackBytes {
			t.Fatalf("%d files of %d bytes", len(got), got.size())
		}
		for name, content := range got {
			if badPath(name, false) != "" || len(content) > maxFileBytes {
				t.Fatalf("%q has %d bytes", name, len(content))
			}
		}
		for _, fault := range faults {
			if fault.Message == "" || fault.File == "" {
				t.Fatalf("%+v", fault)
			}
		}
		if got == nil {
			return
		}
		packed, err := got.zip()
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := readArchive(packed); again.digest() != withoutTop(got).digest() {
			t.Fatal("what was read is not read again")
		}
	})
}
