package embedpg

import (
	"io"
	"os"
	"strings"
)

// logLimit is the size, in bytes, past which the log is moved aside; one older
// file is kept.
const logLimit = 16 << 20

// rotate moves an overgrown log aside by copying: the server holds the file
// open and, as it appends, goes on at the new end. Lines written during the
// copy may be lost, which a log that says so little can bear.
func rotate(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.Size() <= logLimit {
		return nil
	}
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(path+".1", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(to, from); err != nil {
		to.Close()
		return err
	}
	if err := to.Close(); err != nil {
		return err
	}
	return os.Truncate(path, 0)
}

// readFrom returns what was logged after the offset, at most 64 KiB of it.
func readFrom(path string, offset int64) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	text, _ := io.ReadAll(io.LimitReader(io.NewSectionReader(file, offset, 1<<62), 64<<10))
	return string(text)
}

// meaningfulLine picks the line that tells why PostgreSQL or initdb gave up:
// the first fatal one, or else the last of all (the dynamic linker's, say).
func meaningfulLine(text string) string {
	last := ""
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		for _, mark := range []string{"FATAL:", "PANIC:", "initdb: error:"} {
			if _, after, found := strings.Cut(line, mark); found {
				return strings.TrimSpace(after)
			}
		}
		if line != "" {
			last = line
		}
	}
	return last
}
