package packs

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"hmsoftware.com/hm/kit/canonical"
)

// What an uploaded archive may be. Folders count as entries too; a ratio is what a file unpacks to, by what it takes.
const (
	maxArchiveBytes   = 16 << 20
	maxArchiveEntries = 2 * maxFiles
	maxRatio          = 200
	maxPathBytes      = 200
)

// wholeArchive is where a fault of the archive itself is said to be.
const wholeArchive = "archive"

// files are a pack folder's plain files by their path in it, with slashes.
type files map[string][]byte

// size is how many bytes they are together.
func (f files) size() int {
	total := 0
	for _, content := range f {
		total += len(content)
	}
	return total
}

// digest tells contents apart, however they were packed.
func (f files) digest() [sha256.Size]byte {
	var b canonical.Bytes
	for _, name := range sortedKeys(f) {
		b.Text(name)
		b.Raw(f[name])
	}
	return sha256.Sum256(b)
}

// zip packs the files, the same ones always into the same bytes.
func (f files) zip() ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	w.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) { return flate.NewWriter(to, flate.BestCompression) })
	for _, name := range sortedKeys(f) {
		entry, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return nil, err
		}
		if _, err := entry.Write(f[name]); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return out.Bytes(), err
}

// folder gives the files to what reads a pack. Its archive is one that files.zip made.
func folder(archive []byte) (fs.FS, error) {
	return zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
}

// readArchive takes an uploaded zip apart, and refuses what a pack folder would not be zipped to: with any fault there
// are no files. The pack may lie in one folder of the archive.
func readArchive(archive []byte) (files, []Fault) {
	refuse := func(format string, args ...any) (files, []Fault) {
		return nil, []Fault{{File: wholeArchive, Line: 1, Message: fmt.Sprintf(format, args...)}}
	}
	if len(archive) > maxArchiveBytes {
		return refuse("The archive is larger than %d MiB.", maxArchiveBytes>>20)
	}
	// Before the directory is read, which takes memory for every entry it names.
	if bytes.Count(archive, []byte("PK\x01\x02")) > maxArchiveEntries {
		return refuse("The archive has more than %d entries.", maxArchiveEntries)
	}
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return refuse("This is not a zip archive, or it is damaged.")
	}
	u := unpacking{files: files{}, seen: map[string]string{}}
	for _, entry := range r.File {
		if u.take(entry); u.over {
			break
		}
	}
	if len(u.faults) > 0 {
		return nil, tidy(u.faults)
	}
	if len(u.files) == 0 {
		return refuse("The archive holds no files.")
	}
	return withoutTop(u.files), nil
}

// unpacking goes on after a fault, so that all are told at once, but not past what an archive may unpack to.
type unpacking struct {
	files  files
	seen   map[string]string
	total  int64
	over   bool
	faults []Fault
}

func (u *unpacking) fault(name, format string, args ...any) {
	u.faults = append(u.faults, Fault{File: shown(name), Line: 1, Message: fmt.Sprintf(format, args...)})
}

func (u *unpacking) take(entry *zip.File) {
	name := entry.Name
	if reason := badPath(name, entry.NonUTF8); reason != "" {
		u.fault(name, "%s", reason)
		return
	}
	if ignored(name) {
		return
	}
	mode := entry.Mode()
	switch {
	case mode.IsDir() || strings.HasSuffix(name, "/"):
		return
	case mode&fs.ModeSymlink != 0:
		u.fault(name, "Links are not allowed in a pack; put the file itself here.")
		return
	case !mode.IsRegular():
		u.fault(name, "Only plain files are allowed in a pack.")
		return
	case entry.Flags&1 != 0:
		u.fault(name, "The file is encrypted.")
		return
	case entry.Method != zip.Store && entry.Method != zip.Deflate:
		u.fault(name, "The file is compressed in a way that is not allowed here; use deflate, as every zip program does.")
		return
	}
	if first, twice := u.seen[strings.ToLower(name)]; twice {
		u.fault(name, "The archive holds this name twice (also as %s).", shown(first))
		return
	}
	u.seen[strings.ToLower(name)] = name
	if len(u.seen) > maxFiles {
		u.over = true
		u.fault(name, "A pack has at most %d files.", maxFiles)
		return
	}
	content, reason := u.read(entry)
	if reason != "" {
		u.fault(name, "%s", reason)
		return
	}
	u.files[name] = content
}

// read unpacks one file, and stops where it becomes larger than it may be, whatever its header says.
func (u *unpacking) read(entry *zip.File) ([]byte, string) {
	tooLarge := fmt.Sprintf("The file is larger than %d KiB.", maxFileBytes>>10)
	switch {
	case entry.UncompressedSize64 > maxFileBytes:
		return nil, tooLarge
	case entry.UncompressedSize64 > maxRatio*max(entry.CompressedSize64, 1):
		return nil, fmt.Sprintf("The file unpacks to more than %d times its size; no text that people wrote does.", maxRatio)
	}
	r, err := entry.Open()
	if err != nil {
		return nil, "The file cannot be unpacked."
	}
	defer r.Close()
	content, err := io.ReadAll(io.LimitReader(r, maxFileBytes+1))
	switch {
	case len(content) > maxFileBytes:
		return nil, tooLarge
	case err != nil:
		return nil, "The file is damaged: its checksum is wrong, or it cannot be unpacked."
	}
	if u.total += int64(len(content)); u.total > maxPackBytes {
		u.over = true
		return nil, fmt.Sprintf("A pack unpacks to at most %d MiB.", maxPackBytes>>20)
	}
	return content, ""
}

// badPath says what is wrong with the name of an entry.
func badPath(name string, notUTF8 bool) string {
	folder := strings.TrimSuffix(name, "/")
	switch {
	case notUTF8 && !isASCII(name) || !utf8.ValidString(name):
		return "The name is not UTF-8."
	case name == "" || len(name) > maxPathBytes:
		return fmt.Sprintf("A name has 1 to %d bytes.", maxPathBytes)
	case strings.ContainsFunc(name, func(r rune) bool { return r < 0x20 || r == 0x7f }):
		return "The name contains a control character."
	case strings.Contains(name, `\`):
		return `The name contains \; folders are separated by /.`
	case strings.HasPrefix(name, "/") || len(name) > 1 && name[1] == ':':
		return "The name leads out of the archive: it is absolute."
	case slices.Contains(strings.Split(name, "/"), ".."):
		return "The name leads out of the archive: it contains \"..\"."
	case path.Clean(folder) != folder:
		return "The name is not written plainly: it contains \".\" or an empty part."
	}
	return ""
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

// ignored tells what editors, file managers and version control leave behind.
func ignored(name string) bool {
	return slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool {
		return strings.HasPrefix(part, ".") || part == "__MACOSX"
	})
}

// withoutTop takes off the one folder that the whole pack lies in.
func withoutTop(all files) files {
	if _, ok := all["pack.yaml"]; ok {
		return all
	}
	top := ""
	for name := range all {
		first, _, inside := strings.Cut(name, "/")
		if !inside || top != "" && first != top {
			return all
		}
		top = first
	}
	if _, ok := all[top+"/pack.yaml"]; !ok {
		return all
	}
	out := make(files, len(all))
	for name, content := range all {
		out[name[len(top)+1:]] = content
	}
	return out
}

// readFolder reads a pack folder of a disk as an archive of it would be.
func readFolder(root fs.FS) (files, []Fault) {
	u := unpacking{files: files{}}
	enough := errors.New("enough")
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == ".":
			return nil
		case ignored(name) && entry.IsDir():
			return fs.SkipDir
		case ignored(name) || entry.IsDir():
			return nil
		case entry.Type()&fs.ModeSymlink != 0:
			u.fault(name, "Links are not allowed in a pack; put the file itself here.")
			return nil
		case !entry.Type().IsRegular():
			u.fault(name, "Only plain files are allowed in a pack.")
			return nil
		}
		if reason := badPath(name, false); reason != "" {
			u.fault(name, "%s", reason)
			return nil
		}
		info, err := entry.Info()
		switch {
		case err != nil:
			return err
		case info.Size() > maxFileBytes:
			u.fault(name, "The file is larger than %d KiB.", maxFileBytes>>10)
			return nil
		}
		content, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		u.files[name] = content
		if u.total += int64(len(content)); u.total > maxPackBytes || len(u.files) > maxFiles {
			u.fault(name, "A pack has at most %d files and %d MiB.", maxFiles, maxPackBytes>>20)
			return enough
		}
		return nil
	})
	if err != nil && !errors.Is(err, enough) {
		u.fault(wholeArchive, "The folder cannot be read: %s.", err)
	}
	if len(u.faults) > 0 {
		return nil, tidy(u.faults)
	}
	return u.files, nil
}

// shown is a name as it can be printed.
func shown(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r == utf8.RuneError {
			return '?'
		}
		return r
	}, name)
	return cmp.Or(clip(plain), wholeArchive)
}
